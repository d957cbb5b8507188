import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { PLATFORM_LABELS, PLATFORMS } from '../domain/platform.ts'
import type { CacheState, CacheTelemetry, CostTelemetry, Telemetry } from '../domain/telemetry.ts'

const REFRESH_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
const WAIT_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400]
const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]
const CODES_MAX = 100
const OTHER = 'other'

/** Counts what callers were refused, by surface and code. */
export function createRefusals(registry: Registry): Telemetry['refused'] {
  const total = new Counter({
    ...{ name: 'weir_refusals_total', labelNames: ['surface', 'code'], registers: [registry] },
    help: 'What callers were told to be wrong, by code of the error reference or kind of refusal.',
  })
  // Both come from lists of ours. A slip must not make a series of what a client made up.
  const seen = new Set<string>()
  return (surface, code) => {
    const isKnown = seen.has(code) || seen.size < CODES_MAX
    if (isKnown) seen.add(code)
    total.inc({ surface, code: isKnown ? code : OTHER })
  }
}

/** Counts what the cache of answers does, and asks how full it is. */
export function createCacheMetrics(registry: Registry): CacheTelemetry {
  const registers = [registry]
  const count = (name: string, help: string) =>
    new Counter({ name: `weir_answer_cache_${name}_total`, help, registers })
  const hits = count('hits', 'Answers that were served from memory.')
  const misses = count('misses', 'Answers that had to be made, though they could have been there.')
  const evictions = count('evictions', 'Answers that left the cache for want of room.')
  let read: (() => CacheState) | null = null
  // Where there is no cache, as in a worker, nothing is told of one.
  const tell = (name: string, help: string, value: (state: CacheState) => number) =>
    new Gauge({
      ...{ name: `weir_answer_cache_${name}`, help, registers },
      collect() {
        if (read) this.set(value(read()))
        else this.remove()
      },
    })
  tell('entries', 'Answers in the cache.', ({ entries }) => entries)
  tell('bytes', 'Bytes that the cache holds.', ({ bytes }) => bytes)
  const isOn = ({ isOn }: CacheState) => (isOn ? 1 : 0)
  tell('on', '1 while the cache answers, 0 while it cannot hear of changes.', isOn)
  return {
    hit: () => hits.inc(),
    miss: () => misses.inc(),
    evicted: (number) => evictions.inc(number),
    watch: (reader) => {
      read = reader
    },
  }
}

/** Counts what operations cost. */
export function createCostMetrics(registry: Registry): CostTelemetry {
  const registers = [registry]
  const charged = new Counter({
    ...{ name: 'weir_operation_cost_total', registers },
    help: 'What operations took of the budgets of their keys.',
  })
  const refused = new Counter({
    ...{ name: 'weir_operations_refused_total', labelNames: ['why'], registers },
    help: 'Operations refused for their cost: above the limit of one, or the budget of the key.',
  })
  for (const why of ['operation', 'budget']) refused.inc({ why }, 0)
  return { charged: (cost) => charged.inc(cost), refused: (why) => refused.inc({ why }) }
}

/** Counts and times refreshes, by platform. */
export function createRefreshMetrics(registry: Registry): Telemetry['refreshEnded'] {
  const registers = [registry]
  const total = new Counter({
    ...{ name: 'weir_refreshes_total', labelNames: ['platform', 'outcome', 'origin'], registers },
    help: 'Refreshes that have ended.',
  })
  const duration = new Histogram({
    ...{ name: 'weir_refresh_duration_seconds', labelNames: ['platform'], registers },
    ...{ help: 'From the first start of a refresh to its end.', buckets: REFRESH_SECONDS },
  })
  const wait = new Histogram({
    ...{ name: 'weir_refresh_wait_seconds', labelNames: ['platform'], registers },
    ...{ help: 'From the wish for a refresh to its first start.', buckets: WAIT_SECONDS },
  })
  return ({ platform, outcome, origin, durationMs, waitedMs }) => {
    const of = platform ?? OTHER
    total.inc({ platform: of, outcome, origin })
    if (durationMs !== null) duration.observe({ platform: of }, durationMs / 1000)
    if (waitedMs !== null) wait.observe({ platform: of }, waitedMs / 1000)
  }
}

/** Counts and times the calls to platforms. */
export function createUpstreamMetrics(registry: Registry): Telemetry['upstreamCall'] {
  const registers = [registry]
  const total = new Counter({
    ...{ name: 'weir_upstream_calls_total', labelNames: ['platform', 'status'], registers },
    help: 'Calls to platforms, retries included, by class of status; none: there was no answer.',
  })
  const duration = new Histogram({
    ...{ name: 'weir_upstream_call_duration_seconds', labelNames: ['platform'], registers },
    ...{ help: 'How long calls to platforms took.', buckets: CALL_SECONDS },
  })
  const names = new Map<string, string>(PLATFORMS.map((name) => [PLATFORM_LABELS[name], name]))
  return ({ label, status, durationMs }) => {
    const platform = names.get(label) ?? OTHER
    total.inc({ platform, status: outcomeOf(status) })
    duration.observe({ platform }, durationMs / 1000)
  }
}

// A limit that was met is what people look for among the refusals.
function outcomeOf(status: number | null): string {
  if (status === null) return 'none'
  return status === 429 ? '429' : `${Math.floor(status / 100)}xx`
}
