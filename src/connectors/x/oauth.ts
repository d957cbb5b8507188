import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type TokenSet,
} from '../../domain/connector.ts'
import { failureOf, failureOfStatus } from '../failures.ts'
import type { Answer, Http } from '../http.ts'
import { type ClientCredentials, oauthErrorIn, requireClient, tokensIn } from '../oauth.ts'
import { LABEL, xFailure } from './errors.ts'

/**
 * Exchanges the refresh token, which X accepts once: `POST /2/oauth2/token`. Null without one
 * (scope `offline.access` was not granted). Throws `unauthorized` when it was used or revoked.
 */
export async function refreshXToken(
  deps: { http: Http; origin: string; client: ClientCredentials | null },
  account: ConnectedAccount,
  context: CallContext,
): Promise<TokenSet | null> {
  if (account.refreshToken === null) return null
  const client = requireClient(LABEL, 'WEIR_X_CLIENT_ID', deps.client)
  const basic = Buffer.from(`${client.id}:${client.secret}`).toString('base64')
  const isPublic = client.secret === ''
  const answer = await deps.http.send(
    {
      label: LABEL,
      method: 'POST',
      url: `${deps.origin}/2/oauth2/token`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(isPublic ? {} : { authorization: `Basic ${basic}` }),
      },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: account.refreshToken,
        ...(isPublic ? { client_id: client.id } : {}),
      }).toString(),
      secrets: [account.accessToken, account.refreshToken, client.secret, basic],
      // The first exchange uses the token up, so a lost answer cannot be asked for again.
      isRead: false,
      holdsTokens: true,
    },
    context,
  )
  const failure = tokenFailure(answer, context.now)
  if (failure !== null) throw new ConnectorError(failure)
  return tokensIn(LABEL, answer, context)
}

function tokenFailure(answer: Answer, now: Date): Failure | null {
  if (answer.status >= 200 && answer.status < 300) return null
  if (answer.status === 429) return xFailure(answer, now)
  const said = oauthErrorIn(answer)
  if (answer.status >= 500 || said === null) {
    // Nothing here says that the token is bad, so nothing here may cost the account its connection.
    const failure = failureOfStatus(LABEL, answer, now)
    return failure && { ...failure, kind: 'unavailable' }
  }
  const { error, description } = said
  const isSpent =
    error === 'invalid_grant' ||
    (error === 'invalid_request' && /token was invalid/i.test(description))
  const message = `${LABEL} refused to renew the token (${error}): ${description}`
  return failureOf(answer, isSpent ? 'unauthorized' : 'misconfigured', message)
}
