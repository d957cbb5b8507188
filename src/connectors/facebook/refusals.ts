import type { GraphError } from '../graph/errors.ts'
import { grantKey, refusedUntil } from '../memory.ts'
import type { Session } from './session.ts'

const REASONS = ['not_supported', 'missing_scope'] as const

/** Why an account is refused a name: it is gone, or takes a permission that is not there. */
export type RefusalReason = (typeof REASONS)[number]

/** Why a name is refused, by what asking for it alone failed with. */
export function refusalReason({ failure }: GraphError): RefusalReason {
  return failure.kind === 'missing_scope' ? 'missing_scope' : 'not_supported'
}

/** The names of some kind that the platform is known to refuse this account, and why. */
export function refusedNames(
  { account, context, memory }: Session,
  family: string,
  names: readonly string[],
): Map<string, RefusalReason> {
  const grant = grantKey(account)
  const known = names.flatMap((name) => {
    const knows = (reason: RefusalReason) =>
      memory.knows(refusalKey(grant, family, name, reason), context.now)
    const reason = REASONS.find(knows)
    return reason === undefined ? [] : [[name, reason] as const]
  })
  return new Map(known)
}

/** Notes that a name is refused, so that it is not asked for again for a day. */
export function rememberRefused(
  { account, context, memory }: Session,
  family: string,
  name: string,
  reason: RefusalReason,
): void {
  const key = refusalKey(grantKey(account), family, name, reason)
  memory.remember(key, refusedUntil(context.now))
}

// What one account may not ask, another may.
function refusalKey(grant: string, family: string, name: string, reason: RefusalReason): string {
  return `${family} ${name} ${reason} ${grant}`
}
