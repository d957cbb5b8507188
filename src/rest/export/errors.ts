import { z } from '@hono/zod-openapi'
import { type Refusal, sentenceOf } from '../refusal.ts'

const CREDENTIAL = 'API key or dashboard token'

/** What went wrong, for programs: the codes of the graph, and those that only HTTP has. */
export const CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'RATE_LIMITED',
  'INTERNAL_SERVER_ERROR',
] as const

/** The envelope of everything that is refused. */
export const Problem = z
  .object({
    error: z.object({
      code: z.enum(CODES),
      message: z.string().openapi({ description: 'What was wrong, in one sentence.' }),
      field: z
        .string()
        .nullable()
        .openapi({ description: 'The parameter that was wrong. Null: it was none.' }),
    }),
  })
  .openapi('ExportProblem')

/** A refusal in its envelope. */
export function problem(
  code: (typeof CODES)[number],
  message: string,
  field: string | null = null,
): z.infer<typeof Problem> {
  return { error: { code, message, field } }
}

const ANSWERS = {
  no_key: [401, 'UNAUTHENTICATED'],
  unknown_key: [401, 'UNAUTHENTICATED'],
  expired_key: [401, 'UNAUTHENTICATED'],
  revoked_key: [401, 'UNAUTHENTICATED'],
  missing_scope: [403, 'FORBIDDEN'],
  too_many_requests: [429, 'RATE_LIMITED'],
  unknown_path: [404, 'NOT_FOUND'],
  wrong_method: [405, 'METHOD_NOT_ALLOWED'],
  bad_parameter: [400, 'BAD_USER_INPUT'],
  bad_body: [400, 'BAD_REQUEST'],
  wrong_media_type: [415, 'BAD_REQUEST'],
  body_too_large: [413, 'BAD_REQUEST'],
  internal: [500, 'INTERNAL_SERVER_ERROR'],
} as const satisfies Record<Refusal['kind'], [number, (typeof CODES)[number]]>

/** What is answered instead of an export. */
export function answerTo(refusal: Refusal) {
  const [status, code] = ANSWERS[refusal.kind]
  const field = refusal.kind === 'bad_parameter' ? refusal.name : null
  return { status, body: problem(code, sentenceOf(refusal, CREDENTIAL), field) }
}
