import type { IncomingHttpHeaders } from 'node:http'
import type { TokenClaims, Tokens } from './tokens.ts'

/** The names under which platforms take tokens in queries and forms. */
const PARAMETERS = ['access_token', 'refresh_token', 'code', 'token', 'auth_code']

/** The token of an `Authorization: Bearer` header; null without one. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  return /^bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null
}

/** The id and secret of an `Authorization: Basic` header; null without one. */
export function basicCredentials(headers: IncomingHttpHeaders): [string, string] | null {
  const encoded = /^basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':')
  return [decodeURIComponent(id), decodeURIComponent(secret)]
}

/** What the token of a request says, good or not; null without one of an account. */
export function claimsIn(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  body: string,
  tokens: Tokens,
): TokenClaims | null {
  const named = [query, bodyParameters(headers, body)].flatMap((parameters) =>
    PARAMETERS.map((name) => parameters.get(name)),
  )
  const header = headers['access-token']
  const all = [bearerToken(headers), typeof header === 'string' ? header : null, ...named]
  for (const token of all) {
    const claims = token === null ? null : tokens.read(token)
    if (claims !== null && claims.kind !== 'app') return claims
  }
  return null
}

function bodyParameters(headers: IncomingHttpHeaders, body: string): URLSearchParams {
  if (!headers['content-type']?.includes('json')) return new URLSearchParams(body)
  const fields = [...body.matchAll(/"(\w+)"\s*:\s*"([^"]+)"/g)]
  return new URLSearchParams(fields.map(([, name = '', text = '']) => [name, text]))
}
