import type { CallContext, ConnectedAccount, Connector } from '../../domain/connector.ts'
import { openBatchingGraph } from '../graph/batch.ts'
import { openGraph } from '../graph/graph.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import { readInstagramAccount } from './account.ts'
import { INSTAGRAM_DIALECT } from './errors.ts'
import type { Session } from './insights.ts'
import { listInstagramMedia } from './listing.ts'
import { isFacebookLogin } from './login.ts'
import { refreshInstagramToken } from './oauth.ts'
import { readInstagramMedia } from './publications.ts'

const REFUSALS_MAX = 50_000

/** Of the 60 days that a token lives, the last ones: after them only a new login helps. */
const EXCHANGE_AHEAD_SECONDS = 15 * 86_400

/** The base URLs of the two logins' hosts. */
export interface InstagramOrigins {
  instagramLogin: string
  facebookLogin: string
}

/** Instagram professional accounts, through the Graph API on the host of the login they came by. */
export function createInstagram(http: Http, origins: InstagramOrigins): Connector {
  const memory = createMemory(REFUSALS_MAX)
  const host = (origin: string) => ({ http, origin, dialect: INSTAGRAM_DIALECT })
  const session = (account: ConnectedAccount, context: CallContext): Session => {
    const caller = { account, context }
    const graph = isFacebookLogin(account)
      ? openBatchingGraph(host(origins.facebookLogin), caller)
      : openGraph(host(origins.instagramLogin), caller)
    return { graph, memory, ...caller }
  }
  return {
    platform: 'instagram',
    exchangeAheadSeconds: EXCHANGE_AHEAD_SECONDS,
    readAccount: (account, context) => readInstagramAccount(session(account, context)),
    readPublications: (account, refs, context) =>
      readInstagramMedia(session(account, context), refs),
    listPublications: (account, cursor, context) =>
      listInstagramMedia(session(account, context), cursor),
    async refreshToken(account, context) {
      // The tokens of a Page have no end, and nothing that could be exchanged for new ones.
      if (isFacebookLogin(account)) return null
      return refreshInstagramToken({ http, origin: origins.instagramLogin }, account, context)
    },
  }
}
