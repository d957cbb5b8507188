import { NO_OBSERVERS, type Observers } from '../domain/observers.ts'
import { NO_SPAN, type Span } from '../domain/trace.ts'

/** A call to a platform, as those hear of it who count and trace. */
export interface ObservedCall {
  label: string
  method: string
  url: string
}

interface Answered {
  response: { statusCode: number }
}

/** Sends a call, of which whoever wants to know hears: how long it took, and what came of it. */
export async function observed<Exchange extends Answered | object>(
  { telemetry, trace }: Pick<Observers, 'telemetry' | 'trace'> = NO_OBSERVERS,
  { label, method, url }: ObservedCall,
  exchange: () => Promise<Exchange>,
): Promise<Exchange> {
  const startedAt = performance.now()
  const work = async (span: Span) => {
    const outcome = await exchange()
    const status = statusOf(outcome)
    telemetry.upstreamCall({ label, status, durationMs: performance.now() - startedAt })
    if (status === null) span.fail('There was no answer.')
    else span.set({ 'http.response.status_code': status })
    return outcome
  }
  if (!trace.isOn) return work(NO_SPAN)
  // Whatever follows the host may hold an id, or a credential where a platform takes no header.
  const attributes = { 'http.request.method': method, 'server.address': new URL(url).host }
  return trace.span(`upstream ${label}`, attributes, work)
}

// Null: there was no answer.
function statusOf(outcome: object | Answered): number | null {
  return 'response' in outcome ? outcome.response.statusCode : null
}
