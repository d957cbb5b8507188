import type { IncomingMessage } from 'node:http'
import type { GraphQLParams } from 'graphql-yoga'
import { excessOf, isJson, isOneOperation, type JsonLimits } from './one-operation.ts'

const JSON_ANSWER = 'application/json'
const PARAMETERS = ['query', 'operationName', 'variables', 'extensions'] as const
const GRAPHQL_ANSWER = 'application/graphql-response+json'

/**
 * The media type of the answer to whoever accepts these, the first of them that is one; null: none
 * is JSON in UTF-8.
 */
export function answerTypeFor(accept: string | undefined): string | null {
  if (accept === undefined || accept === '*/*') return JSON_ANSWER
  for (const each of accept.toLowerCase().split(',')) {
    const [type, ...parameters] = each.split(';').map((part) => part.trim())
    if (parameters.some((one) => one.startsWith('charset=') && one !== 'charset=utf-8')) continue
    if (type === GRAPHQL_ANSWER) return GRAPHQL_ANSWER
    if (type === JSON_ANSWER || type === 'application/*' || type === '*/*') return JSON_ANSWER
  }
  return null
}

/** The body of a request that tells its length; null: it tells none, or more than `bytesMax`. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | null> {
  const { method, headers } = request
  if (method === 'GET') return Buffer.alloc(0)
  const length = Number(headers['content-length'] ?? Number.NaN)
  if (method !== 'POST' || !isJson(headers['content-type'])) return null
  if (!(length <= bytesMax)) return null
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.once('end', () =>
      resolve(parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts)),
    )
    request.once('close', () => {
      if (!request.complete) reject(new ClientGone())
    })
  })
}

/** The client went away before it had said what it wants. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/** What a request asks for; null: something is wrong with it. */
export function parametersIn(
  request: IncomingMessage,
  body: Buffer,
  limits: JsonLimits,
): GraphQLParams | null {
  try {
    return request.method === 'GET' ? inAddress(request.url ?? '', limits) : inBody(body, limits)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function inBody(body: Buffer, limits: JsonLimits): GraphQLParams | null {
  const json = body.toString('utf8')
  if (excessOf(json, limits) !== null) return null
  const given: unknown = JSON.parse(json)
  return typeof given === 'object' && !Array.isArray(given) ? given : null
}

function inAddress(url: string, { jsonDepthMax }: JsonLimits): GraphQLParams | null {
  const given = new URLSearchParams(url.slice(url.indexOf('?') + 1))
  // Left empty is left out. What names a document in other ways is for the endpoint to look for.
  const [query, operationName, variables, extensions] = PARAMETERS.map((name) => given.get(name))
  if ((!query && !extensions) || given.has('documentId')) return null
  const parameters = {
    ...(query && { query }),
    ...(operationName && { operationName }),
    ...(variables && { variables: JSON.parse(variables) }),
    ...(extensions && { extensions: JSON.parse(extensions) }),
  }
  return isOneOperation(parameters, jsonDepthMax) ? parameters : null
}
