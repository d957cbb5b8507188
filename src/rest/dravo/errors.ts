import { z } from '@hono/zod-openapi'
import type { Refusal } from '../refusal.ts'

/** The vendor's envelope: one sentence. */
export const Problem = z
  .object({ detail: z.string().openapi({ description: 'What was wrong, in one sentence.' }) })
  .openapi('DravoProblem')

// The document names 401 alone; the others are what its readers would expect.
const STATUS = {
  no_key: 401,
  unknown_key: 401,
  expired_key: 401,
  revoked_key: 401,
  missing_scope: 403,
  too_many_requests: 429,
  unknown_path: 404,
  wrong_method: 405,
  bad_parameter: 422,
  bad_body: 422,
  wrong_media_type: 415,
  body_too_large: 413,
  internal: 500,
} as const satisfies Record<Refusal['kind'], number>

/** What the vendor answers instead of what was asked for. */
export function answerTo(refusal: Refusal) {
  return { status: STATUS[refusal.kind], body: { detail: detailOf(refusal) } }
}

function detailOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'no_key':
      return 'Missing API key or dashboard token.'
    case 'unknown_key':
    case 'expired_key':
    case 'revoked_key':
      return 'Invalid API key or dashboard token.'
    case 'missing_scope':
      return `The API key or token lacks the scope ${refusal.scope}.`
    case 'too_many_requests':
      return `Too many requests. Try again in ${refusal.retryAfterSeconds} s.`
    case 'unknown_path':
      return 'Not found.'
    case 'wrong_method':
      return `Use ${refusal.allowed.join(' or ')} here.`
    case 'bad_parameter':
      return `${refusal.name} ${refusal.message}.`
    case 'bad_body':
      return 'The body is not JSON.'
    case 'wrong_media_type':
      return 'The body must be application/json.'
    case 'body_too_large':
      return `The body has more than ${refusal.maxBytes} bytes.`
    case 'internal':
      return 'Something broke. Try again later.'
  }
}
