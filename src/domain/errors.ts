/** Every code that a caller can meet; each has its heading in docs/errors.md. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'NOT_CONNECTED',
  'COOLDOWN',
  'QUOTA_EXCEEDED',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'QUERY_TOO_COMPLEX',
  'RATE_LIMITED',
  'PERSISTED_QUERY_NOT_FOUND',
  'UNTRUSTED_DOCUMENT',
  'INTERNAL_SERVER_ERROR',
] as const

/** One of the codes that a caller can meet. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** A refusal that the caller can act on. Each transport maps the code to its own dialect. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  /** The argument or field that was wrong, where there is one. */
  readonly field: string | null

  constructor(code: ErrorCode, message: string, field: string | null = null) {
    super(message)
    this.code = code
    this.field = field
  }
}
