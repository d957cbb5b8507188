import type { Hook } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Log } from '../domain/log.ts'
import type { FacadeEnv, Vendor } from './facade.ts'
import type { BadParameter, Refusal } from './refusal.ts'

type FacadeContext = Context<FacadeEnv>

/** Refuses a request in the vendor's envelope. */
export function refuse(vendor: Vendor, c: FacadeContext, refusal: Refusal): Response {
  c.set('refusal', refusal.kind)
  const { status, body } = vendor.answerTo(refusal, c.var.requestId)
  const answer = c.json(body, status)
  if (status === 401) answer.headers.set('WWW-Authenticate', 'Bearer')
  if (refusal.kind === 'too_many_requests') {
    answer.headers.set('Retry-After', String(refusal.retryAfterSeconds))
  }
  return answer
}

const PLACES: Record<string, BadParameter['place']> = {
  query: 'query',
  param: 'path',
  header: 'header',
}

/** Refuses parameters that a route does not take. */
export function refuseBadParameters(
  vendor: Vendor,
): Hook<unknown, FacadeEnv, string, Response | undefined> {
  return (result, c) => {
    if (result.success) return
    const [issue] = result.error.issues
    return refuse(vendor, c, {
      kind: 'bad_parameter',
      place: PLACES[result.target] ?? 'body',
      name: issue?.path.join('.') ?? '',
      message: issue?.message ?? 'is wrong',
      issue: issue?.code ?? 'custom',
    })
  }
}

/**
 * What an error means for the request. Hono and its validators throw their own refusals; everything
 * else is a fault of ours, of which only the log hears.
 */
export function refusalOf(error: Error, c: FacadeContext, log: Log): Refusal {
  if (error instanceof HTTPException && error.status === 400) return { kind: 'bad_body' }
  if (error instanceof HTTPException && error.status === 415) return { kind: 'wrong_media_type' }
  log.error({ error, path: c.req.path, requestId: c.var.requestId }, 'request failed')
  return { kind: 'internal' }
}
