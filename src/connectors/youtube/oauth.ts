import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type FailureKind,
  type TokenSet,
} from '../../domain/connector.ts'
import { failureOf, failureOfStatus, retryAfter, secondsAfter } from '../failures.ts'
import type { Answer, Http } from '../http.ts'
import { type ClientCredentials, oauthErrorIn, requireClient, tokensIn } from '../oauth.ts'
import { LABEL } from './errors.ts'

const LIMIT_SECONDS = 60

/**
 * Exchanges the refresh token: `POST /token`. It is good again and again, so the answer usually
 * holds no new one: the old one is kept. Throws `unauthorized` when it is dead.
 */
export async function refreshYoutubeToken(
  deps: { http: Http; origin: string; client: ClientCredentials | null },
  account: ConnectedAccount,
  context: CallContext,
): Promise<TokenSet | null> {
  if (account.refreshToken === null) return null
  const client = requireClient(LABEL, 'WEIR_YOUTUBE_CLIENT_ID', deps.client)
  const answer = await deps.http.send(
    {
      label: LABEL,
      method: 'POST',
      url: `${deps.origin}/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: client.id,
        client_secret: client.secret,
        grant_type: 'refresh_token',
        refresh_token: account.refreshToken,
      }).toString(),
      secrets: [account.accessToken, account.refreshToken, client.secret],
      // The exchange uses nothing up.
      isRead: true,
      holdsTokens: true,
    },
    context,
  )
  const failure = tokenFailure(answer, context.now)
  if (failure !== null) throw new ConnectorError(failure)
  return tokensIn(LABEL, answer, context)
}

const KINDS = new Map<string, FailureKind>([
  ['invalid_grant', 'unauthorized'],
  ['server_error', 'unavailable'],
  ['internal_failure', 'unavailable'],
  ['temporarily_unavailable', 'unavailable'],
])

function tokenFailure(answer: Answer, now: Date): Failure | null {
  const said = oauthErrorIn(answer)
  if (answer.status === 429) {
    const retryAt = retryAfter(answer, now) ?? secondsAfter(now, LIMIT_SECONDS)
    return failureOf(answer, 'rate_limited', messageOf(said), retryAt)
  }
  if (answer.status >= 500 || said === null) {
    // Nothing here says that the token is bad, so nothing here may cost the account its connection.
    const failure = failureOfStatus(LABEL, answer, now)
    return failure && { ...failure, kind: 'unavailable' }
  }
  return failureOf(answer, KINDS.get(said.error) ?? 'misconfigured', messageOf(said))
}

function messageOf(said: { error: string; description: string } | null): string {
  const reason = said === null ? 'too many requests' : `${said.error}: ${said.description}`
  return `${LABEL} refused to renew the token: ${reason}`
}
