import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { RequestMeter } from '../domain/telemetry.ts'

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

// What a client may send is longer; a label for each would be its to multiply.
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS']
const OTHER_METHOD = 'other'
const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const
const GIVEN_UP = 'aborted'

/** Whose answers are long on purpose, so that they say nothing of how fast the others are. */
export const STREAMS = 'events'

/** Counts requests by surface, method and class of status, and times them by surface. */
export function createRequestMeters(registry: Registry): (surface: string) => RequestMeter {
  const registers = [registry]
  const meters = new Map<string, { meter: RequestMeter; active(): number; counts: Counts }>()
  new Counter({
    ...{ name: 'weir_requests_total', registers, labelNames: ['surface', 'method', 'status'] },
    help: 'Requests that have ended, by class of status; aborted: the client went away.',
    collect() {
      for (const [surface, { counts }] of meters) {
        for (const count of counts.values()) {
          this.inc({ surface, method: count.method, status: count.status }, count.untold)
          count.untold = 0
        }
      }
    },
  })
  const duration = new Histogram({
    ...{ name: 'weir_request_duration_seconds', registers, labelNames: ['surface'] },
    ...{ help: 'How long requests took to be answered, event streams left out.', buckets: SECONDS },
  })
  new Gauge({
    ...{ name: 'weir_requests_active', registers, labelNames: ['surface'] },
    help: 'Requests that are being answered.',
    collect() {
      for (const [surface, { active }] of meters) this.set({ surface }, active())
    },
  })
  return (surface) => {
    const known = meters.get(surface)
    if (known) return known.meter
    let active = 0
    const counts: Counts = new Map()
    const timer = surface === STREAMS ? null : duration.labels(surface)
    const meter: RequestMeter = {
      began() {
        active += 1
      },
      ended(method, status, durationMs) {
        active -= 1
        count(counts, method, status)
        timer?.observe(durationMs / 1000)
      },
    }
    meters.set(surface, { meter, active: () => active, counts })
    return meter
  }
}

/** By method and class of status, in one number. */
type Counts = Map<number, { method: string; status: string; untold: number }>

// On the way of every answer: labels are only made when somebody asks for the numbers.
function count(counts: Counts, method: string, status: number | null): void {
  const methodIndex = METHODS.indexOf(method)
  const statusClass = status === null ? 0 : Math.floor(status / 100)
  const key = methodIndex * 10 + statusClass
  const known = counts.get(key)
  if (known) {
    known.untold += 1
    return
  }
  const label = STATUS_CLASSES[statusClass - 1] ?? GIVEN_UP
  counts.set(key, { method: METHODS[methodIndex] ?? OTHER_METHOD, status: label, untold: 1 })
}
