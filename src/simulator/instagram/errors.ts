import type { Answer, RefusedError } from '../answer.ts'
import { graphError, refusal, refuseCommon, usageHeaders } from '../graph/errors.ts'
import type { Call, Refusal } from '../simulation.ts'

/** The permission is missing. */
export function notPermitted(call: Call): RefusedError {
  const message = '(#10) Application does not have permission for this action'
  return refusal(call, { code: 10, message })
}

/** Too many calls for one account; the header says in how many minutes they are let in again. */
export function tooManyCalls(call: Call, accountId: string, until: Date): Answer {
  const minutes = Math.max(1, Math.ceil((until.getTime() - call.now.getTime()) / 60_000))
  return graphError(call, {
    code: 80002,
    subcode: 2446079,
    message:
      '(#80002) There have been too many calls to this Instagram account. ' +
      'Wait a bit and try again.',
    headers: usageHeaders('instagram', accountId, 100, minutes),
  })
}

/** A scripted fault in the platform's words. */
export function refuseInstagram(fault: Refusal, call: Call): Answer {
  if (fault.kind === 'rate_limited') return tooManyCalls(call, call.accountId ?? '0', fault.until)
  return refuseCommon(fault, call) ?? graphError(call, { code: 1, message: 'An error occurred' })
}
