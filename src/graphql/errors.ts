import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'
import { AppError, ERROR_CODES, type ErrorCode } from '../domain/errors.ts'

const MESSAGE_LENGTH_MAX = 1000
const SUGGESTION = / ?Did you mean [^?]+\?$/
const UNEXPECTED = 'Something went wrong here. The request id helps to find out what.'

// What an answer without data is sent with. Answers with data are 200, whatever went wrong in them.
// As GraphQL over HTTP says, what is wrong with a document is 200 for those who take its older media
// type, `application/json`.
const STATUS: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 200,
  BAD_USER_INPUT: 400,
  NOT_FOUND: 200,
  NOT_CONNECTED: 200,
  COOLDOWN: 200,
  QUOTA_EXCEEDED: 200,
  BAD_REQUEST: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  // Clients look into the body, and send the query.
  PERSISTED_QUERY_NOT_FOUND: 200,
  UNTRUSTED_DOCUMENT: 400,
  INTERNAL_SERVER_ERROR: 500,
}

const OF_DOCUMENTS: readonly ErrorCode[] = [
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'QUERY_TOO_COMPLEX',
  'UNTRUSTED_DOCUMENT',
]

/** A refusal of a whole operation, as GraphQL's own. */
export function toGraphqlError(refusal: AppError): GraphQLError {
  return new GraphQLError(refusal.message, { originalError: refusal })
}

/** An error as callers see it, and what it hides from them; `cause` is null when nothing. */
export interface ShownError {
  error: GraphQLError
  cause: unknown
}

/** How errors are shown. */
export interface Showing {
  requestId: string
  /** Whether what GraphQL complains of goes on with the names that it could have been. */
  suggests: boolean
}

/**
 * An error as callers may see it: with a code of ours, and without anything that they could not
 * act on. Whatever nobody expected becomes INTERNAL_SERVER_ERROR with the request's id.
 */
export function showError(error: GraphQLError, { requestId, suggests }: Showing): ShownError {
  const origin = originOf(error)
  if (origin instanceof AppError) {
    const field = origin.field === null ? {} : { field: origin.field }
    return { error: shown(error, origin.message, origin.code, field), cause: null }
  }
  const code = codeOf(error)
  if (origin === null && code !== null) {
    return { error: shown(error, ownWords(error.message, suggests), code, {}), cause: null }
  }
  return {
    error: shown(error, UNEXPECTED, 'INTERNAL_SERVER_ERROR', { requestId }),
    cause: origin ?? error,
  }
}

/** What was thrown, below the wrappers that say where; null when GraphQL itself complains. */
function originOf(error: GraphQLError): unknown {
  const { originalError } = error
  if (originalError instanceof GraphQLError) return originOf(originalError)
  return originalError ?? null
}

// GraphQL's own complaints are about the request, but for those about a value that we answered.
function codeOf(error: GraphQLError): ErrorCode | null {
  const given = error.extensions['code']
  const code = ERROR_CODES.find((each) => each === given)
  if (code !== undefined) return code
  if (given !== undefined) return 'BAD_REQUEST'
  return error.path === undefined ? 'BAD_USER_INPUT' : null
}

// GraphQL repeats what it does not like, however long it is.
function ownWords(message: string, suggests: boolean): string {
  const words = suggests ? message : message.replace(SUGGESTION, '')
  return words.length > MESSAGE_LENGTH_MAX ? `${words.slice(0, MESSAGE_LENGTH_MAX)} …` : words
}

function shown(
  error: GraphQLError,
  message: string,
  code: ErrorCode,
  more: GraphQLErrorExtensions,
): GraphQLError {
  return new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { code, ...more, http: httpOf(error, code) },
  })
}

function httpOf(error: GraphQLError, code: ErrorCode): GraphQLErrorExtensions['http'] {
  if (error.path !== undefined) return { status: 200 }
  if (code === 'UNAUTHENTICATED') return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } }
  const { status = STATUS[code], headers } = error.extensions['http'] ?? {}
  return { status, spec: OF_DOCUMENTS.includes(code), ...(headers && { headers }) }
}
