import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type TokenSet,
} from '../../domain/connector.ts'
import { reportGraphBudget } from '../graph/budget.ts'
import { graphFailure, isGraphTrouble } from '../graph/errors.ts'
import type { Http } from '../http.ts'
import { tokensIn } from '../oauth.ts'
import { INSTAGRAM_DIALECT, isOldToken, LABEL } from './errors.ts'

/**
 * A token for another 60 days: `GET /refresh_access_token`. There is no refresh token: the access
 * token itself is exchanged, once it is a day old and before it ends. Throws `unauthorized` when it
 * has ended, `unavailable` while it is too young.
 */
export async function refreshInstagramToken(
  deps: { http: Http; origin: string },
  account: ConnectedAccount,
  context: CallContext,
): Promise<TokenSet> {
  // The only call that takes its token in the URL alone; no message or log repeats a URL.
  const params = { grant_type: 'ig_refresh_token', access_token: account.accessToken }
  const answer = await deps.http.send(
    {
      label: LABEL,
      method: 'GET',
      url: `${deps.origin}/refresh_access_token?${new URLSearchParams(params)}`,
      secrets: [account.accessToken],
      isRead: true,
      holdsTokens: true,
      isTransient: (each) => isGraphTrouble(INSTAGRAM_DIALECT, each),
      account: account.account.platformAccountId,
    },
    context,
  )
  const refusal = graphFailure(INSTAGRAM_DIALECT, answer, { account, context })
  reportGraphBudget(answer, refusal, { account, context })
  if (refusal === null) return tokensIn(LABEL, answer, context)
  const { failure } = refusal
  if (isOldToken(refusal)) throw new ConnectorError({ ...failure, kind: 'unauthorized' })
  const isDead = failure.kind === 'unauthorized' || failure.kind === 'rate_limited'
  throw isDead ? refusal : new ConnectorError({ ...failure, kind: 'unavailable' })
}
