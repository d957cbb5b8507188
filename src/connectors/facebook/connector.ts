import type { CallContext, ConnectedAccount, Connector } from '../../domain/connector.ts'
import { openBatchingGraph } from '../graph/batch.ts'
import { openGraph } from '../graph/graph.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import { readFacebookPage } from './account.ts'
import { FACEBOOK_DIALECT } from './errors.ts'
import { listFacebookContent } from './listing.ts'
import { readFacebookPublications } from './publications.ts'
import type { Session } from './session.ts'

/** A few for each account. */
const REFUSALS_MAX = 10_000

/** Facebook Pages, through the Graph API with the token of the Page. */
export function createFacebook(http: Http, origin: string): Connector {
  const host = { http, origin, dialect: FACEBOOK_DIALECT }
  const memory = createMemory(REFUSALS_MAX)
  const session = (account: ConnectedAccount, context: CallContext): Session => {
    const caller = { account, context }
    return {
      ...caller,
      graph: openGraph(host, caller),
      batch: openBatchingGraph(host, caller),
      memory,
      lessons: new Map(),
    }
  }
  return {
    platform: 'facebook',
    readAccount: (account, context) => readFacebookPage(session(account, context)),
    readPublications: (account, refs, context) =>
      readFacebookPublications(session(account, context), refs),
    listPublications: (account, cursor, context) =>
      listFacebookContent(session(account, context), cursor),
    // A Page's token has no end; when it dies, its person has to log in again.
    refreshToken: async () => null,
  }
}
