import type { SimulatedAccount, SimulatedPublication } from './account.ts'
import { type Call, faultTarget, type Simulation } from './simulation.ts'

/** An account's numbers as the call may see them: without what faults hold back. */
export function accountNumbersFor(
  call: Call,
  account: SimulatedAccount,
  { faults, world }: Simulation,
): Record<string, number> {
  const target = faultTarget(call, [account.platformAccountId])
  const absent = faults.takeAll('absent_metric', target).map(({ metric }) => metric)
  return without(world.accountNumbers(account, call.now), absent)
}

/** A publication's numbers as the call may see them: without what faults hold back. */
export function publicationNumbersFor(
  call: Call,
  publication: SimulatedPublication,
  { faults, world }: Simulation,
): Record<string, number> {
  const { account, platformPostId } = publication
  const target = faultTarget(call, [platformPostId, account.platformAccountId])
  const absent = faults.takeAll('absent_metric', target).map(({ metric }) => metric)
  return without(world.publicationNumbers(publication, call.now), absent)
}

/** The numbers of these names, in the order of the names; those there are none of stay away. */
export function pick(
  numbers: Record<string, number>,
  names: readonly string[],
): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => (numbers[name] === undefined ? [] : [[name, numbers[name]]])),
  )
}

function without(numbers: Record<string, number>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => !names.includes(name)))
}
