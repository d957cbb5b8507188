import type { CallContext } from '../../domain/connector.ts'
import { validDate } from '../failures.ts'
import type { Answer } from '../http.ts'
import { xCapEnd, xDayEnd } from './errors.ts'

/**
 * Tells what an answer says of the limits. X counts the calls of an account at each endpoint in
 * windows of 15 minutes, which headers tell; an answer without them says nothing. A refusal for a
 * cap is one of all calls of the application, for the rest of the day: the cap may be raised long
 * before its month ends, and only another call finds that out.
 */
export function reportXBudget(answer: Answer, context: CallContext): void {
  reportWindow(answer, context)
  const capEnd = xCapEnd(answer, context.now)
  if (capEnd === null) return
  const dayEnd = xDayEnd(context.now)
  const resetsAt = capEnd < dayEnd ? capEnd : dayEnd
  context.onBudget({ scope: 'application', limit: null, remaining: 0, reserve: 0, resetsAt })
}

function reportWindow({ headers }: Answer, context: CallContext): void {
  const count = (name: string) => countIn(headers[`x-rate-limit-${name}`])
  const [limit, remaining, reset] = [count('limit'), count('remaining'), count('reset')]
  if (limit === null && remaining === null) return
  const resetsAt = reset === null ? null : validDate(reset * 1000)
  context.onBudget({ scope: 'account', limit, remaining, reserve: 0, resetsAt })
}

function countIn(text: string | undefined): number | null {
  const number = /^\d+$/.test(text ?? '') ? Number(text) : null
  return Number.isSafeInteger(number) ? number : null
}
