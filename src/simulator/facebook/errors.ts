import type { Answer, RefusedError } from '../answer.ts'
import { graphError, refusal, refuseCommon, usageHeaders } from '../graph/errors.ts'
import type { Call, Refusal } from '../simulation.ts'

/** The permission is missing. */
export function lacks(call: Call, scope: string): RefusedError {
  const message = `(#10) This endpoint requires the '${scope}' permission or the 'Page Public Content Access' feature.`
  return refusal(call, { code: 10, status: 403, message })
}

/** Above what the platform computes in one answer. */
export function tooMuchData(call: Call): RefusedError {
  return refusal(call, {
    code: 1,
    status: 500,
    message: "Please reduce the amount of data you're asking for, then retry your request",
  })
}

/** A person's token where the Page's own is needed. */
export function wrongToken(call: Call): RefusedError {
  const message = 'This method must be called with a Page Access Token'
  return refusal(call, { code: 190, message })
}

/** Too many calls for one Page; the header says in how many minutes they are let in again. */
export function tooManyCalls(call: Call, pageId: string, until: Date): Answer {
  const minutes = Math.max(1, Math.ceil((until.getTime() - call.now.getTime()) / 60_000))
  return graphError(call, {
    code: 80001,
    message:
      '(#80001) There have been too many calls to this Page account. ' +
      'Wait a bit and try again.',
    headers: usageHeaders('pages', pageId, 100, minutes),
  })
}

/** A scripted fault in the platform's words. */
export function refuseFacebook(fault: Refusal, call: Call): Answer {
  if (fault.kind === 'refused' && fault.reason === 'person_token') return wrongToken(call).answer
  if (fault.kind === 'rate_limited') return tooManyCalls(call, call.accountId ?? '0', fault.until)
  return refuseCommon(fault, call) ?? graphError(call, { code: 1, message: 'An error occurred' })
}
