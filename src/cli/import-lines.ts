import type { z } from 'zod'
import { parseJson } from '../connectors/json-text.ts'
import { canonicalAccountId } from '../domain/catalog/catalog.ts'
import type { JsonObject, JsonValue } from '../domain/json.ts'
import {
  type ImportRecord,
  PAST_MEMBERS,
  RECORD_SCHEMAS,
  type RecordType,
} from './import-record.ts'
import { nearestWord } from './nearest-word.ts'

// Clocks of two machines are never quite the same.
const AHEAD_MAX_MS = 5 * 60_000
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
  /** The members that the line has, null ones included; the record says null for the others. */
  given: ReadonlySet<string>
}

/** A line with problems, as far as it can be read: what else is wrong with it can be told. */
export interface BrokenLine {
  line: number
  type: RecordType
  /** As they stand on the line, but for those that are wrong. */
  members: JsonObject
}

/** The records of a file by type, in the file's order, and everything that is wrong with it. */
export interface ParsedFile {
  records: { [Type in RecordType]: Numbered<Type>[] }
  broken: BrokenLine[]
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

/**
 * Reads newline-delimited JSON. Empty lines are skipped; wrong ones are all reported, with
 * everything that is wrong with them. What is to have happened after `now` is wrong, but for a few
 * minutes; null: it may be of any time.
 */
export async function parseLines(
  lines: AsyncIterable<string>,
  now: Date | null,
): Promise<ParsedFile> {
  const parsed: ParsedFile = {
    records: { workspace: [], account: [], post: [], publication: [], video: [], snapshot: [] },
    ...{ broken: [], problems: [] },
  }
  let line = 0
  for await (const text of lines) {
    line += 1
    const json = line === 1 ? text.replace(/^\ufeff/, '') : text
    if (json.trim() !== '') keep(parsed, line, parseLine(json, now))
  }
  return parsed
}

type Wrong = Omit<Problem, 'line'>

type ParsedLine =
  | Omit<Numbered, 'line'>
  | { wrong: Wrong[]; broken: Omit<BrokenLine, 'line'> | null }

function parseLine(json: string, now: Date | null): ParsedLine {
  const value = parseExactly(json)
  if (!isObject(value)) {
    const problem = value === undefined ? 'is not valid JSON' : 'is not a JSON object'
    return { wrong: [{ member: 'line', problem }], broken: null }
  }
  const { type } = value
  return isType(type) ? parseObject(type, value, now) : misnamed(value, now)
}

function parseObject(type: RecordType, value: JsonObject, now: Date | null): ParsedLine {
  const result = RECORD_SCHEMAS[type].safeParse(value)
  const issues = result.success ? [] : result.error.issues.flatMap((issue) => wrongIn(type, issue))
  const wrong = [...issues, ...wrongTimes(value, issues, now), ...wrongSubject(type, value)]
  if (!result.success || wrong.length > 0) return brokenLine(type, value, wrong)
  const members = Object.entries(result.data).map(([name, member]) => [camelCase(name), member])
  const record = asKept(Object.fromEntries(members) as ImportRecord)
  return { record, given: new Set(Object.keys(value).map(camelCase)) }
}

// Somebody who misspelled the type is told what is wrong with the rest as well.
function misnamed(value: JsonObject, now: Date | null): ParsedLine {
  const given = value['type']
  const meant = typeof given === 'string' ? nearestWord(given, TYPES) : null
  const hint = meant === null ? '' : `; did you mean ${meant}?`
  const wrong = { member: 'type', problem: `must be one of ${TYPES.join(', ')}${hint}` }
  const type = TYPES.find((each) => each === meant)
  if (type === undefined) return { wrong: [wrong], broken: null }
  const parsed = parseObject(type, { ...value, type }, now)
  return brokenLine(type, value, [wrong, ...('wrong' in parsed ? parsed.wrong : [])])
}

function brokenLine(type: RecordType, value: JsonObject, wrong: Wrong[]): ParsedLine {
  const isRight = (name: string) => !wrong.some(({ member }) => member === name)
  const members = Object.fromEntries(Object.entries(value).filter(([name]) => isRight(name)))
  const metrics = isObject(members['metrics']) ? members['metrics'] : {}
  const right = Object.entries(metrics).filter(([name]) => isRight(`metrics.${name}`))
  return { wrong, broken: { type, members: { ...members, metrics: Object.fromEntries(right) } } }
}

function wrongTimes(value: JsonObject, issues: readonly Wrong[], now: Date | null): Wrong[] {
  if (now === null) return []
  const problem = `must not be in the future; it is ${now.toISOString()} now`
  const latest = now.getTime() + AHEAD_MAX_MS
  return PAST_MEMBERS.filter((member) => !issues.some((issue) => issue.member === member))
    .filter((member) => Date.parse(String(value[member])) > latest)
    .map((member) => ({ member, problem }))
}

function wrongSubject(type: RecordType, value: JsonObject): Wrong[] {
  if (type !== 'snapshot') return []
  const subjects = [value['account_id'], value['publication_id']]
  const [first, ...others] = subjects.filter((id) => id !== undefined && id !== null)
  if (first === undefined) {
    return [{ member: 'account_id', problem: 'or publication_id is required, one of the two' }]
  }
  if (others.length === 0) return []
  const problem = 'must not stand beside publication_id: a snapshot is of one of the two'
  return [{ member: 'account_id', problem }]
}

function asKept(record: ImportRecord): ImportRecord {
  if (record.type !== 'account') return record
  const { platform, platformAccountId: id } = record
  return { ...record, platformAccountId: canonicalAccountId(platform, id) }
}

function keep({ records, broken, problems }: ParsedFile, line: number, parsed: ParsedLine): void {
  if ('record' in parsed) {
    const list: Numbered[] = records[parsed.record.type]
    list.push({ line, ...parsed })
    return
  }
  problems.push(...parsed.wrong.map((wrong) => ({ line, ...wrong })))
  if (parsed.broken) broken.push({ line, ...parsed.broken })
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
