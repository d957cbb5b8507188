import type { CallContext, ConnectedAccount, Connector } from '../../domain/connector.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import { readInstagramAccount } from './account.ts'
import { createGraph } from './graph.ts'
import type { Session } from './insights.ts'
import { listInstagramMedia } from './listing.ts'
import { refreshInstagramToken } from './oauth.ts'
import { readInstagramMedia } from './publications.ts'

const REFUSALS_MAX = 50_000

/** Of the 60 days that a token lives, the last ones: after them only a new login helps. */
const EXCHANGE_AHEAD_SECONDS = 15 * 86_400

/** Instagram professional accounts, through the Graph API with the Instagram login. */
export function createInstagram(http: Http, origin: string): Connector {
  const graph = createGraph(http, origin)
  const memory = createMemory(REFUSALS_MAX)
  const session = (account: ConnectedAccount, context: CallContext): Session => ({
    graph,
    memory,
    account,
    context,
  })
  return {
    platform: 'instagram',
    exchangeAheadSeconds: EXCHANGE_AHEAD_SECONDS,
    readAccount: (account, context) => readInstagramAccount(session(account, context)),
    readPublications: (account, refs, context) =>
      readInstagramMedia(session(account, context), refs),
    listPublications: (account, cursor, context) =>
      listInstagramMedia(session(account, context), cursor),
    refreshToken: (account, context) => refreshInstagramToken({ http, origin }, account, context),
  }
}
