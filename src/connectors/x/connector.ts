import type { Connector } from '../../domain/connector.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import type { ClientCredentials } from '../oauth.ts'
import { readXAccount } from './account.ts'
import { readXPosts } from './lookup.ts'
import { refreshXToken } from './oauth.ts'
import { createXApi } from './request.ts'
import { listXPosts } from './timeline.ts'

const REFUSALS_MAX = 10_000

/** X, through API v2. `client` is null when the gateway has no application there. */
export function createX(http: Http, origin: string, client: ClientCredentials | null): Connector {
  const memory = createMemory(REFUSALS_MAX)
  const deps = { api: createXApi(http, origin, memory), memory }
  return {
    platform: 'x',
    readAccount: (account, context) => readXAccount(deps, account, context),
    readPublications: (account, refs, context) => readXPosts(deps.api, account, refs, context),
    listPublications: (account, cursor, context) => listXPosts(deps, account, cursor, context),
    refreshToken: (account, context) => refreshXToken({ http, origin, client }, account, context),
  }
}
