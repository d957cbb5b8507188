import type { Call } from '../simulation.ts'
import { refusal } from './errors.ts'

const DAY_MS = 86_400_000

/** What a call's parameters are, still encoded. Refuses one that is named twice. */
export function rawParameters(call: Call): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of call.rawQuery.split('&').filter((each) => each !== '')) {
    const [name = '', ...rest] = part.split('=')
    if (parameters.has(name)) throw refusal('PARAM_INVALID')
    parameters.set(name, rest.join('='))
  }
  return parameters
}

/** A URN of a parameter. Its colons have to be encoded, and only once. */
export function urnIn(parameters: ReadonlyMap<string, string>, name: string): string {
  const urn = decodedUrn(parameters.get(name) ?? '')
  if (urn === null) throw refusal('PARAM_INVALID')
  return urn
}

/** The URNs of a `List(…)`, whose parentheses and commas must not be encoded; null without one. */
export function urnsIn(parameters: ReadonlyMap<string, string>, name: string): string[] | null {
  const raw = parameters.get(name)
  if (raw === undefined) return null
  const [, inner] = /^List\((.*)\)$/.exec(raw) ?? []
  const urns = inner?.split(',').map(decodedUrn)
  if (urns === undefined || urns.includes(null)) throw refusal('PARAM_INVALID')
  return urns.filter((urn) => urn !== null)
}

/** The URNs that some parameters name, as far as they can be read. */
export function namedUrns(call: Call, names: readonly string[]): string[] {
  const raw = new URLSearchParams(call.rawQuery)
  return names.flatMap((name) => (raw.get(name) ?? '').match(/urn:li:\w+:[\w-]+/g) ?? [])
}

/** A URN in a path or parameter as it came; null when it is not encoded, or not one. */
export function decodedUrn(raw: string): string | null {
  if (raw.includes(':')) return null
  try {
    const urn = decodeURIComponent(raw)
    return /^urn:li:\w+:[\w-]+$/.test(urn) ? urn : null
  } catch {
    return null
  }
}

/** The midnights at which the days of a time range begin; null without a range. */
export function daysIn(parameters: ReadonlyMap<string, string>): Date[] | null {
  const raw = parameters.get('timeIntervals')
  if (raw === undefined) return null
  const match = /^\(timeRange:\(start:(\d+),end:(\d+)\),timeGranularityType:DAY\)$/.exec(raw)
  const [start, end] = [Number(match?.[1]), Number(match?.[2])]
  const isWhole = match !== null && start % DAY_MS === 0 && end % DAY_MS === 0 && start < end
  if (!isWhole) throw refusal('PARAM_INVALID', "Parameter 'timeIntervals' is invalid")
  return Array.from({ length: (end - start) / DAY_MS }, (_, day) => new Date(start + day * DAY_MS))
}

/** Refuses parameters that a finder does not have. */
export function checkNames(parameters: ReadonlyMap<string, string>, known: string[]): void {
  const wrong = [...parameters.keys()].find((name) => !known.includes(name))
  if (wrong !== undefined) throw refusal('PARAM_INVALID', `QUERY_PARAM_NOT_ALLOWED: ${wrong}`)
}
