import { metricsOf } from '../../domain/catalog/catalog.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition, MetricSubject } from '../../domain/metric.ts'
import { isObject, numberOf } from '../json.ts'
import { type Numbers, pickNumbers } from '../numbers.ts'

/** Values by the name that LinkedIn's statistics get here. */
export type Leaves = ReadonlyMap<string, JsonValue>

/** LinkedIn nests its statistics four deep; what is deeper is none of them. */
const DEPTH_MAX = 6
/** Far more than LinkedIn has: a hostile answer must not fill the database with names. */
const UNKNOWN_MAX = 200

/**
 * The numbers of a statistics object under names made of its keys in snake case, after a prefix.
 * Clicks on custom buttons are added up; other lists break numbers down by a facet and stay out.
 */
export function flattened(
  prefix: string,
  statistics: JsonValue | undefined,
): Map<string, JsonValue> {
  const leaves = new Map<string, JsonValue>()
  if (isObject(statistics)) collect(leaves, prefix, statistics, DEPTH_MAX)
  return leaves
}

function collect(
  into: Map<string, JsonValue>,
  prefix: string,
  object: JsonObject,
  depthLeft: number,
): void {
  for (const [key, value] of Object.entries(object)) {
    if (!/^[A-Za-z]\w*$/.test(key)) continue
    if (isObject(value)) {
      if (depthLeft > 0) collect(into, `${prefix}_${snakeCase(key)}`, value, depthLeft - 1)
      continue
    }
    const leaf = Array.isArray(value) ? clicksIn(key, value) : value
    // A text is kept as well: a number that is too large for one comes as text.
    if (typeof leaf === 'number' || typeof leaf === 'string') into.set(leafName(prefix, key), leaf)
  }
}

function leafName(prefix: string, key: string): string {
  if (key === 'pageViews') return prefix
  return key === 'uniquePageViews' ? `${prefix}_unique` : `${prefix}_${snakeCase(key)}`
}

/** All clicks of a list of buttons; undefined for another list, or when one of them is unknown. */
function clicksIn(key: string, buttons: readonly JsonValue[]): number | undefined {
  if (!key.endsWith('CustomButtonClickCounts')) return undefined
  const clicks = buttons.map((button) => numberOf(isObject(button) ? button['clicks'] : undefined))
  if (clicks.includes(null)) return undefined
  return clicks.reduce((sum: number, count) => sum + (count ?? 0), 0)
}

function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** Numbers by name, added up over several answers; what none of them holds stays absent. */
export function addedUp(parts: readonly Leaves[]): Map<string, JsonValue> {
  const sums = new Map<string, JsonValue>()
  for (const [name, value] of parts.flatMap((part) => [...part])) {
    const sum = sums.get(name) ?? 0
    sums.set(
      name,
      typeof sum === 'number' && typeof value === 'number' ? sum + value : String(value),
    )
  }
  return sums
}

/** The numbers of some metrics, and those that LinkedIn reported although no catalogue knows them. */
export function numbersIn(
  subject: MetricSubject,
  metrics: readonly MetricDefinition[],
  leaves: Leaves,
): Numbers {
  const numbers = pickNumbers({ metrics, valueOf: (metric) => leaves.get(metric.name) })
  const known = new Set(metricsOf('linkedin', subject).map((metric) => metric.name))
  const unknown = [...leaves]
    .flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []))
    .filter(([name, value]) => !known.has(name) && isExact(value))
    .slice(0, UNKNOWN_MAX)
  return { ...numbers, native: { ...Object.fromEntries(unknown), ...numbers.native } }
}

function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
}
