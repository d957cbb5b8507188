import type { CallContext, ConnectedAccount, Connector } from '../../domain/connector.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import type { ClientCredentials } from '../oauth.ts'
import { readLinkedinAccount } from './account.ts'
import { createListed, listLinkedinPosts } from './listing.ts'
import { refreshLinkedinToken } from './oauth.ts'
import { readLinkedinPosts } from './posts.ts'
import { createLinkedinApi } from './request.ts'

const NOTES_MAX = 10_000

/** What the connector is made of. `client` is null when the gateway has no application there. */
export interface LinkedinDependencies {
  http: Http
  apiOrigin: string
  oauthOrigin: string
  client: ClientCredentials | null
}

/** LinkedIn's organization pages, through the versioned REST API. */
export function createLinkedin(deps: LinkedinDependencies): Connector {
  const { http, apiOrigin, oauthOrigin, client } = deps
  const memory = createMemory(NOTES_MAX)
  const listed = createListed()
  const api = createLinkedinApi({ http, origin: apiOrigin, memory })
  const oauth = { http, origin: oauthOrigin, client, memory }
  const session = (account: ConnectedAccount, context: CallContext) => ({
    api,
    account,
    context,
    memory,
  })
  return {
    platform: 'linkedin',
    readAccount: (account, context) => readLinkedinAccount(session(account, context)),
    readPublications: (account, refs, context) =>
      readLinkedinPosts(session(account, context), listed, refs),
    listPublications: (account, cursor, context) =>
      listLinkedinPosts(session(account, context), listed, cursor),
    refreshToken: (account, context) => refreshLinkedinToken(oauth, account, context),
  }
}
