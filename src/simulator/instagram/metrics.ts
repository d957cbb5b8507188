import { invalidParameter } from '../graph/errors.ts'
import { faultTarget } from '../simulation.ts'
import type { Admitted } from './route.ts'

/** Metrics that the platform withdrew from every version. */
const RETIRED = [
  'plays',
  'clips_replays_count',
  'ig_reels_aggregated_all_plays_count',
  'video_views',
  'engagement',
]

/** The metrics that a call names. One that is unknown or withdrawn fails the whole call. */
export function checkMetrics({ call, simulation }: Admitted, known: readonly string[]): string[] {
  return checkedMetrics(call.query.get('metric') ?? '', { call, simulation }, known)
}

/** The same for a list that does not stand in the query. */
export function checkedMetrics(
  list: string,
  { call, simulation }: Pick<Admitted, 'call' | 'simulation'>,
  known: readonly string[],
): string[] {
  const metrics = list.split(',').filter((metric) => metric !== '')
  if (metrics.length === 0) throw invalidParameter(call, 'The parameter metric is required')
  if (metrics.includes('impressions')) {
    throw invalidParameter(
      call,
      'Starting from version v22.0 and above, the impressions metric is no longer supported for the queried media.',
    )
  }
  const faults = simulation.faults.takeAll('retired_metric', faultTarget(call, []))
  const living = known.filter((name) => !faults.some((fault) => fault.metric === name))
  const wrong = metrics.findIndex((metric) => RETIRED.includes(metric) || !living.includes(metric))
  if (wrong < 0) return metrics
  const names = living.join(', ')
  throw invalidParameter(call, `metric[${wrong}] must be one of the following values: ${names}`)
}
