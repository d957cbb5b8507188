import type { z } from 'zod'
import { parseJson } from '../connectors/json-text.ts'
import { canonicalAccountId } from '../domain/catalog/catalog.ts'
import type { JsonObject, JsonValue } from '../domain/json.ts'
import { type ImportRecord, RECORD_SCHEMAS, type RecordType } from './import-record.ts'
import { nearestWord } from './nearest-word.ts'

const TYPES = Object.keys(RECORD_SCHEMAS) as RecordType[]

/** Something wrong with a line: `member` says where, or is `line` for all of it. */
export interface Problem {
  /** From 1. */
  line: number
  member: string
  problem: string
}

/** A checked record and the line that it stood on. */
export interface Numbered<Type extends RecordType = RecordType> {
  line: number
  record: ImportRecord<Type>
}

/** The records of a file by type, in the file's order, and everything that is wrong with it. */
export interface ParsedFile {
  records: { [Type in RecordType]: Numbered<Type>[] }
  problems: Problem[]
}

/**
 * The lines of a text that comes in pieces. Only a line feed ends one: JSON may hold the other
 * characters that some readers take for an end.
 */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

/** Reads newline-delimited JSON. Empty lines are skipped; wrong ones are all reported. */
export async function parseLines(lines: AsyncIterable<string>): Promise<ParsedFile> {
  const parsed: ParsedFile = {
    records: { workspace: [], account: [], post: [], publication: [], video: [], snapshot: [] },
    problems: [],
  }
  let line = 0
  for await (const text of lines) {
    line += 1
    const json = line === 1 ? text.replace(/^\ufeff/, '') : text
    if (json.trim() === '') continue
    const outcome = parseLine(json)
    if (Array.isArray(outcome))
      parsed.problems.push(...outcome.map((wrong) => ({ line, ...wrong })))
    else keep(parsed, line, outcome)
  }
  return parsed
}

type Wrong = Omit<Problem, 'line'>

function parseLine(json: string): ImportRecord | Wrong[] {
  const value = parseExactly(json)
  if (value === undefined) return [{ member: 'line', problem: 'is not valid JSON' }]
  if (!isObject(value)) return [{ member: 'line', problem: 'is not a JSON object' }]
  const type = value['type']
  if (!isType(type)) return [{ member: 'type', problem: `must be one of ${TYPES.join(', ')}` }]
  const result = RECORD_SCHEMAS[type].safeParse(value)
  if (!result.success) return result.error.issues.flatMap((issue) => wrongIn(type, issue))
  const members = Object.entries(result.data).map(([name, member]) => [camelCase(name), member])
  return asKept(Object.fromEntries(members) as ImportRecord)
}

function asKept(record: ImportRecord): ImportRecord {
  if (record.type !== 'account') return record
  const { platform, platformAccountId: id } = record
  return { ...record, platformAccountId: canonicalAccountId(platform, id) }
}

function keep(parsed: ParsedFile, line: number, record: ImportRecord): void {
  const list: Numbered[] = parsed.records[record.type]
  list.push({ line, record })
}

function wrongIn(type: RecordType, issue: z.core.$ZodIssue): Wrong[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ member: issue.path.join('.') || 'line', problem: issue.message }]
  }
  const members = Object.keys(RECORD_SCHEMAS[type].shape)
  return issue.keys.map((member) => {
    const nearest = nearestWord(member, members)
    const hint = nearest === null ? `it has ${members.join(', ')}` : `did you mean ${nearest}?`
    return { member, problem: `is no member of the type ${type}; ${hint}` }
  })
}

/**
 * A line's value. Long integers inside a payload become texts of their digits; elsewhere they stay
 * numbers, so that an id without quotes or a count that is too large is refused.
 */
function parseExactly(json: string): JsonValue | undefined {
  const value = parseJson(json)
  if (!isObject(value) || !/\d{16}/.test(json)) return value
  const rounded = JSON.parse(json) as JsonObject
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'payload') return [name, member]
      return [name, withNumbersOf(rounded[name], member)]
    }),
  )
}

function withNumbersOf(rounded: JsonValue | undefined, member: JsonValue | undefined) {
  if (typeof rounded === 'number') return rounded
  if (!isObject(rounded) || !isObject(member)) return member
  const entries = Object.entries(member).map(([name, inner]) => {
    const number = rounded[name]
    return [name, typeof number === 'number' ? number : inner]
  })
  return Object.fromEntries(entries)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isType(type: JsonValue | undefined): type is RecordType {
  return typeof type === 'string' && Object.hasOwn(RECORD_SCHEMAS, type)
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
