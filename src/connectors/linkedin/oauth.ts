import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type TokenSet,
} from '../../domain/connector.ts'
import { failureOf, failureOfStatus } from '../failures.ts'
import type { Answer, Http } from '../http.ts'
import type { Memory } from '../memory.ts'
import { type ClientCredentials, oauthErrorIn, requireClient, tokensIn } from '../oauth.ts'
import { LABEL, linkedinFailure } from './errors.ts'
import { rememberFreshToken } from './request.ts'

/** What the renewal of a token needs. `origin` is that of the website, not of the API. */
export interface LinkedinOAuth {
  http: Http
  origin: string
  client: ClientCredentials | null
  memory: Memory
}

/**
 * Exchanges the refresh token: `POST /oauth/v2/accessToken`. The refresh token stays, and dies 365
 * days after the consent, however often it was used. Null without one, as LinkedIn gives them to
 * approved applications only. Throws `unauthorized` when it is dead.
 */
export async function refreshLinkedinToken(
  deps: LinkedinOAuth,
  account: ConnectedAccount,
  context: CallContext,
): Promise<TokenSet | null> {
  if (account.refreshToken === null) return null
  const client = requireClient(LABEL, 'WEIR_LINKEDIN_CLIENT_ID', deps.client)
  const answer = await deps.http.send(
    {
      label: LABEL,
      method: 'POST',
      url: `${deps.origin}/oauth/v2/accessToken`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: account.refreshToken,
        client_id: client.id,
        client_secret: client.secret,
      }).toString(),
      secrets: [account.accessToken, account.refreshToken, client.secret],
      // An exchange does not use the refresh token up, so a lost answer can be asked for again.
      isRead: true,
      holdsTokens: true,
    },
    context,
  )
  const failure = tokenFailure(answer, context.now)
  if (failure !== null) throw new ConnectorError(failure)
  const tokens = tokensIn(LABEL, answer, context)
  rememberFreshToken(deps.memory, tokens, context.now)
  return tokens
}

// Of its several reasons to call a request invalid, LinkedIn tells this one only by its text.
const DEAD_TOKEN = /(?:refresh token|authorization grant).*(?:invalid|expired|revoked)/is

function tokenFailure(answer: Answer, now: Date): Failure | null {
  if (answer.status >= 200 && answer.status < 300) return null
  if (answer.status === 429) return linkedinFailure(answer, now)
  const said = oauthErrorIn(answer)
  if (answer.status >= 500 || said === null) {
    // Nothing here says that the token is bad, so nothing here may cost the account its connection.
    const failure = failureOfStatus(LABEL, answer, now)
    return failure && { ...failure, kind: 'unavailable' }
  }
  const { error, description } = said
  const isDead =
    error === 'invalid_grant' || (error === 'invalid_request' && DEAD_TOKEN.test(description))
  const message = `${LABEL} refused to renew the token (${error}): ${description}`
  return failureOf(answer, isDead ? 'unauthorized' : 'misconfigured', message)
}
