import type { CallContext } from '../../domain/connector.ts'
import { validDate } from '../failures.ts'
import type { Answer } from '../http.ts'

/**
 * Tells what the headers of an answer say: X counts the calls of an account at each endpoint in
 * windows of 15 minutes. An answer without them says nothing.
 */
export function reportXBudget({ headers }: Answer, context: CallContext): void {
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
