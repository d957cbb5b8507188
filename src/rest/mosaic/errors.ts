import { z } from '@hono/zod-openapi'
import { type BadParameter, type Refusal, sentenceOf } from '../refusal.ts'

const CREDENTIAL = 'API key'

/** The codes of the vendor's documents, and those that they leave open. */
export const CODES = [
  'validation_error',
  'invalid_api_key',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'parameter_out_of_range',
  'rate_limit',
  'internal_server_error',
] as const

/** What went wrong, for programs. */
export type Code = (typeof CODES)[number]

/** The vendor's envelope. */
export const Problem = z
  .object({
    detail: z.string().openapi({ description: 'What was wrong, in one sentence.' }),
    error: z.enum(CODES),
  })
  .openapi('MosaicProblem')

/** An error in the vendor's envelope. */
export function problem(error: Code, detail: string): z.infer<typeof Problem> {
  return { detail, error }
}

const ANSWERS = {
  no_key: [401, 'invalid_api_key'],
  unknown_key: [401, 'invalid_api_key'],
  expired_key: [401, 'invalid_api_key'],
  revoked_key: [401, 'invalid_api_key'],
  missing_scope: [403, 'forbidden'],
  too_many_requests: [429, 'rate_limit'],
  unknown_path: [404, 'not_found'],
  wrong_method: [405, 'method_not_allowed'],
  bad_parameter: [422, 'validation_error'],
  bad_body: [422, 'validation_error'],
  wrong_media_type: [415, 'unsupported_media_type'],
  body_too_large: [413, 'payload_too_large'],
  internal: [500, 'internal_server_error'],
} as const satisfies Record<Refusal['kind'], [number, Code]>

/** What the vendor answers instead of what was asked for. */
export function answerTo(refusal: Refusal) {
  const [status, code] = ANSWERS[refusal.kind]
  const error = refusal.kind === 'bad_parameter' ? codeOf(refusal) : code
  return { status, body: problem(error, sentenceOf(refusal, CREDENTIAL)) }
}

function codeOf({ issue }: BadParameter): Code {
  return issue === 'too_big' || issue === 'too_small'
    ? 'parameter_out_of_range'
    : 'validation_error'
}
