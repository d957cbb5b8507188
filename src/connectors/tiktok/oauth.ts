import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type FailureKind,
  type TokenSet,
} from '../../domain/connector.ts'
import { failureOf, failureOfStatus } from '../failures.ts'
import type { Answer, Http } from '../http.ts'
import { valueAt, wordsOf } from '../json.ts'
import { type ClientCredentials, oauthErrorIn, requireClient, tokensIn } from '../oauth.ts'
import { LABEL, tiktokFailure } from './errors.ts'

/** What the renewal of a token needs. */
export interface TiktokOAuth {
  http: Http
  origin: string
  client: ClientCredentials | null
  random: () => number
}

/**
 * Exchanges the refresh token: `POST /v2/oauth/token/`. The new refresh token replaces the old one
 * at once; how long both live is what the answer says. Throws `unauthorized` when it is dead.
 */
export async function refreshTiktokToken(
  deps: TiktokOAuth,
  account: ConnectedAccount,
  context: CallContext,
): Promise<TokenSet | null> {
  if (account.refreshToken === null) return null
  const client = requireClient(LABEL, 'WEIR_TIKTOK_CLIENT_ID', deps.client)
  const answer = await deps.http.send(
    {
      label: LABEL,
      method: 'POST',
      url: `${deps.origin}/v2/oauth/token/`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'cache-control': 'no-cache',
      },
      body: new URLSearchParams({
        client_key: client.id,
        client_secret: client.secret,
        grant_type: 'refresh_token',
        refresh_token: account.refreshToken,
      }).toString(),
      secrets: [account.accessToken, account.refreshToken, client.secret],
      // The first exchange uses the token up, so a lost answer cannot be asked for again.
      isRead: false,
      holdsTokens: true,
    },
    context,
  )
  const failure = tokenFailure(answer, context.now, deps.random)
  if (failure !== null) throw new ConnectorError(failure)
  return tokensIn(LABEL, answer, context)
}

const KINDS = new Map<string, FailureKind>([
  ['invalid_grant', 'unauthorized'],
  ['access_denied', 'unauthorized'],
  ['server_error', 'unavailable'],
  ['temporarily_unavailable', 'unavailable'],
])

/** The answer is flat, and an error comes with status 200 as well: its key tells it. */
function tokenFailure(answer: Answer, now: Date, random: () => number): Failure | null {
  const said = oauthErrorIn(answer)
  if (said !== null) {
    const kind = answer.status >= 500 ? 'unavailable' : KINDS.get(said.error)
    const message = `${LABEL} refused to renew the token (${said.error}): ${said.description}`
    return failureOf(answer, kind ?? 'misconfigured', message)
  }
  if (wordsOf(valueAt(answer.json, 'error.code')) !== null) {
    const failure = tiktokFailure(answer, now, random)
    // Without an error of OAuth nothing says that the refresh token is bad.
    return failure?.kind === 'unauthorized' ? { ...failure, kind: 'misconfigured' } : failure
  }
  if (answer.status === 429) return tiktokFailure(answer, now, random)
  const failure = failureOfStatus(LABEL, answer, now)
  return failure && { ...failure, kind: 'unavailable' }
}
