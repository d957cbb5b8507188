import type { Connector } from '../../domain/connector.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import type { ClientCredentials } from '../oauth.ts'
import { readTiktokAccount } from './account.ts'
import { refreshTiktokToken } from './oauth.ts'
import { createTiktokApi } from './request.ts'
import { listTiktokVideos, readTiktokVideos } from './videos.ts'

const REFUSALS_MAX = 10_000

/** What the connector is made of. `client` is null when the gateway has no application there. */
export interface TiktokDependencies {
  http: Http
  origin: string
  client: ClientCredentials | null
  random: () => number
}

/** TikTok, through the Display API v2. */
export function createTiktok(options: TiktokDependencies): Connector {
  const memory = createMemory(REFUSALS_MAX)
  const api = createTiktokApi({ ...options, memory })
  return {
    platform: 'tiktok',
    readAccount: (account, context) => readTiktokAccount({ api, memory }, account, context),
    readPublications: (account, refs, context) => readTiktokVideos({ api, account, context }, refs),
    listPublications: (account, cursor, context) =>
      listTiktokVideos({ api, account, context }, cursor),
    refreshToken: (account, context) => refreshTiktokToken(options, account, context),
  }
}
