import { z } from '@hono/zod-openapi'
import { type Refusal, sentenceOf } from '../refusal.ts'

const CREDENTIAL = 'API key or dashboard token'

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
  return { status: STATUS[refusal.kind], body: { detail: sentenceOf(refusal, CREDENTIAL) } }
}
