import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { GraphQLError, parse, validate } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { AppError } from '../domain/errors.ts'
import { toGraphqlError } from './errors.ts'
import { limitErrors, type OperationLimits } from './operation-limits.ts'
import { schema } from './schema.ts'

const HASH_PREFIX = /^sha256:/

/** The documents that are run, by what clients call them: mostly a hash. */
export type TrustedDocuments = ReadonlyMap<string, string>

/**
 * Reads the documents that a code generator has written: a JSON object of them by hash. Throws an
 * `Error` with one line that says which of them is no document of this schema, or too large.
 */
export function readTrustedDocuments(json: string, limits: OperationLimits): TrustedDocuments {
  const entries = Object.entries(objectIn(json))
  if (entries.length === 0) throw new Error('has no document, so that nothing could be asked')
  return new Map(entries.map(([id, text]) => [id, checked(id, text, limits)]))
}

function objectIn(json: string): object {
  const value = parsed(json)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Error('holds no JSON object of documents by their hashes')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function checked(id: string, text: unknown, limits: OperationLimits): string {
  if (typeof text !== 'string') throw new Error(`has no text for ${id}`)
  const problem = problemOf(text, limits)
  if (problem === null) return text
  throw new Error(`has a document that cannot be run, ${id}: ${problem}`)
}

function problemOf(text: string, limits: OperationLimits): string | null {
  try {
    const document = parse(text, { maxTokens: limits.tokensMax })
    const [error] = [...limitErrors(document, limits), ...validate(schema, document)]
    return error?.message ?? null
  } catch (error) {
    if (error instanceof GraphQLError) return error.message
    throw error
  }
}

/** Runs the documents that are known, and nothing else. */
export function useTrustedDocuments(documents: TrustedDocuments): Plugin {
  const refuse = (message: string) => () =>
    toGraphqlError(new AppError('UNTRUSTED_DOCUMENT', message))
  const only = 'Only the documents that this server was started with are run'
  return usePersistedOperations({
    getPersistedOperation: (id) =>
      documents.get(id) ?? documents.get(id.replace(HASH_PREFIX, '')) ?? null,
    extractPersistedOperationId: (params, request) => idIn(params, request),
    customErrors: {
      notFound: refuse(`${only}, and this is none of them. Start it with the newest list.`),
      keyNotFound: refuse(`${only}. Name one as \`documentId\`.`),
      persistedQueryOnly: refuse(`${only}. Send no \`query\`, but its name as \`documentId\`.`),
    },
  })
}

/** What a request calls its document by: the draft of GraphQL over HTTP has it, and so has Apollo. */
function idIn(params: GraphQLParams & { documentId?: unknown }, request: Request): string | null {
  const inPath = request.method === 'GET' ? new URL(request.url).searchParams : null
  const persisted: unknown = params.extensions?.['persistedQuery']
  const ids = [params.documentId, inPath?.get('documentId'), sha256HashOf(persisted)]
  return ids.find((id) => typeof id === 'string') ?? null
}

function sha256HashOf(persisted: unknown): string | null {
  if (typeof persisted !== 'object' || persisted === null) return null
  const hash: unknown = Reflect.get(persisted, 'sha256Hash')
  return typeof hash === 'string' ? hash : null
}
