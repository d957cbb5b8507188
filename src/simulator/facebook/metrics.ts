import { invalidParameter, refusal } from '../graph/errors.ts'
import { faultTarget } from '../simulation.ts'
import type { Admitted } from './route.ts'

/**
 * The metrics that a call names. One that is unknown or withdrawn fails the whole call, and is not
 * named.
 */
export function checkedMetrics(
  { call, simulation }: Pick<Admitted, 'call' | 'simulation'>,
  list: string | null,
  known: readonly string[],
): string[] {
  const metrics = (list ?? '').split(',').filter((metric) => metric !== '')
  if (metrics.length === 0) {
    const message = 'No metric was specified to be fetched. Please specify one or more metrics.'
    throw refusal(call, { code: 3001, subcode: 1504028, message: `(#3001) ${message}` })
  }
  const faults = simulation.faults.takeAll('retired_metric', faultTarget(call, []))
  const isLiving = (name: string) => !faults.some(({ metric }) => metric === name)
  if (metrics.every((name) => known.includes(name) && isLiving(name))) return metrics
  throw invalidParameter(call, 'The value must be a valid insights metric')
}
