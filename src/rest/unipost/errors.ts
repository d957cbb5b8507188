import { z } from '@hono/zod-openapi'
import { type Refusal, sentenceOf } from '../refusal.ts'

const CREDENTIAL = 'API key or dashboard token'

/** The codes of the document, and those that it leaves open. */
export const CODES = [
  'UNAUTHORIZED',
  'NOT_FOUND',
  'ACCOUNT_DISCONNECTED',
  'NOT_SUPPORTED',
  'UPSTREAM_ERROR',
  'INTERNAL_ERROR',
  'BAD_REQUEST',
  'FORBIDDEN',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
] as const

/** What went wrong, for programs. */
export type Code = (typeof CODES)[number]

/** The vendor's envelope. */
export const Problem = z
  .object({
    error: z.object({
      code: z.enum(CODES),
      normalized_code: z.string().openapi({ description: 'The code in lower case.' }),
      message: z.string().openapi({ description: 'What was wrong, for people.' }),
    }),
    request_id: z.string(),
  })
  .openapi('UniPostProblem')

/** An error in the vendor's envelope. */
export function problem(code: Code, message: string, requestId: string): z.infer<typeof Problem> {
  return {
    error: { code, normalized_code: code.toLowerCase(), message },
    request_id: requestId,
  }
}

const ANSWERS = {
  no_key: [401, 'UNAUTHORIZED'],
  unknown_key: [401, 'UNAUTHORIZED'],
  expired_key: [401, 'UNAUTHORIZED'],
  revoked_key: [401, 'UNAUTHORIZED'],
  missing_scope: [403, 'FORBIDDEN'],
  too_many_requests: [429, 'RATE_LIMITED'],
  unknown_path: [404, 'NOT_FOUND'],
  wrong_method: [405, 'METHOD_NOT_ALLOWED'],
  bad_parameter: [400, 'BAD_REQUEST'],
  bad_body: [400, 'BAD_REQUEST'],
  wrong_media_type: [415, 'UNSUPPORTED_MEDIA_TYPE'],
  body_too_large: [413, 'PAYLOAD_TOO_LARGE'],
  internal: [500, 'INTERNAL_ERROR'],
} as const satisfies Record<Refusal['kind'], [number, Code]>

/** What the vendor answers instead of what was asked for. */
export function answerTo(refusal: Refusal, requestId: string) {
  const [status, code] = ANSWERS[refusal.kind]
  return { status, body: problem(code, sentenceOf(refusal, CREDENTIAL), requestId) }
}
