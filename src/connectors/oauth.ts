import { type CallContext, ConnectorError, type TokenSet } from '../domain/connector.ts'
import type { JsonValue } from '../domain/json.ts'
import { secondsAfter, unanswered } from './failures.ts'
import type { Answer } from './http.ts'
import { numberOf, objectAt, parsed, textsAt, valueAt, wordsOf } from './json.ts'

/** Our application at a platform. An empty secret is that of a public client. */
export interface ClientCredentials {
  id: string
  secret: string
}

/** The new tokens of a token endpoint's answer. Throws `malformed` without an access token. */
export function tokensIn(label: string, answer: Answer, context: CallContext): TokenSet {
  return parsed(label, { ...answer, json: answer.tokens }, (body) => toTokens(body, context))
}

function toTokens(body: JsonValue, context: CallContext): TokenSet {
  const answer = objectAt(body, '')
  const accessToken = wordsOf(answer['access_token'])
  if (accessToken === null) {
    throw new ConnectorError(unanswered('malformed', 'The answer has no access_token.'))
  }
  const lifetime = numberOf(answer['expires_in'])
  const scope = wordsOf(answer['scope']) ?? wordsOf(answer['permissions'])
  const permissions = textsAt(answer, 'permissions')
  return {
    accessToken,
    refreshToken: wordsOf(answer['refresh_token']),
    expiresAt: lifetime === null ? null : secondsAfter(context.now, lifetime),
    scopes:
      scope?.split(/[\s,]+/).filter((name) => name !== '') ??
      (permissions.length > 0 ? permissions : null),
  }
}

/** The error of a token endpoint in OAuth's own shape; null when the answer holds none. */
export function oauthErrorIn(answer: Answer): { error: string; description: string } | null {
  const error = wordsOf(valueAt(answer.json, 'error'))
  const description = wordsOf(valueAt(answer.json, 'error_description'))
  return error === null ? null : { error, description: description ?? 'It gave no reason.' }
}

/** The application's credentials. Throws `misconfigured` when the gateway has none. */
export function requireClient(
  label: string,
  variable: string,
  client: ClientCredentials | null,
): ClientCredentials {
  if (client !== null) return client
  const message = `${label} tokens cannot be renewed: ${variable} is not set.`
  throw new ConnectorError(unanswered('misconfigured', message))
}
