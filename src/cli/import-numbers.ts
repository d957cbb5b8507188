import { CATALOG, metricsOf } from '../domain/catalog/catalog.ts'
import type { JsonValue } from '../domain/json.ts'
import type { MetricDefinition, MetricSubject, NativeNumbers } from '../domain/metric.ts'
import type { Platform } from '../domain/platform.ts'
import type { Problem } from './import-lines.ts'
import { nearestWord } from './nearest-word.ts'

/** What numbers are of. */
export interface NumbersOf {
  subject: 'account' | 'publication'
  platform: Platform
}

/** A name that the catalogue does not know: its number is kept all the same. */
export interface UnknownName extends NumbersOf {
  line: number
  name: string
}

/** Numbers as a line says them, true and false included. */
export type Numbers = Readonly<Record<string, JsonValue | undefined>>

/** What of a line's numbers cannot be: the catalogue tells counts and flags. */
export function wrongNumbers(line: number, numbers: Numbers, of: NumbersOf): Problem[] {
  const definitions = definitionsOf(of)
  return Object.entries(numbers).flatMap(([name, value]) => {
    const definition = definitions.find((each) => each.name === name)
    const problem = definition ? wrongValue(definition, value) : null
    return problem === null ? [] : [{ line, member: `metrics.${name}`, problem }]
  })
}

/** The names of a line's numbers that the catalogue does not know. */
export function unknownNames(line: number, numbers: Numbers, of: NumbersOf): UnknownName[] {
  const known = namesOf(of)
  const { subject, platform } = of
  return Object.entries(numbers)
    .filter(([name, value]) => value !== null && !known.includes(name) && !isStatistic(name, of))
    .map(([name]) => ({ subject, platform, line, name }))
}

/** The catalogue's name that was probably meant; null: nothing is close. */
export function nearestName({ name, ...of }: UnknownName): string | null {
  return nearestWord(name, namesOf(of))
}

/** A line's numbers as they are stored: a null one is unknown, and true is 1. */
export function reported(numbers: Record<string, number | boolean | null>): NativeNumbers {
  const known = Object.entries(numbers).filter(([, value]) => value !== null)
  return Object.fromEntries(known.map(([name, value]) => [name, Number(value)]))
}

// A publication's numbers are its own and, where it is one, those of its video.
function subjectsOf({ subject }: NumbersOf): MetricSubject[] {
  return subject === 'account' ? ['account'] : ['post', 'video']
}

function definitionsOf(of: NumbersOf): MetricDefinition[] {
  return subjectsOf(of).flatMap((subject) => metricsOf(of.platform, subject))
}

function namesOf(of: NumbersOf): string[] {
  return definitionsOf(of).map(({ name }) => name)
}

// Some platforms have numbers whose names are open-ended.
function isStatistic(name: string, of: NumbersOf): boolean {
  const { statistics } = CATALOG[of.platform]
  return subjectsOf(of).some((subject) => {
    const field = statistics[subject]
    return field !== undefined && name.startsWith(field.prefix)
  })
}

function wrongValue({ kind }: MetricDefinition, value: JsonValue | undefined): string | null {
  if (value === null) return null
  const isBoolean = typeof value === 'boolean'
  if (kind === 'flag') {
    return isBoolean || value === 0 || value === 1 ? null : 'must be true or false'
  }
  if (isBoolean) return 'must be a number, not true or false'
  if (kind !== 'count' || typeof value !== 'number') return null
  if (!Number.isInteger(value)) return 'must be a whole number'
  return value < 0 ? 'must not be negative' : null
}
