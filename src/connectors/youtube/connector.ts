import type { CallContext, ConnectedAccount, Connector } from '../../domain/connector.ts'
import type { Http } from '../http.ts'
import { createMemory } from '../memory.ts'
import type { ClientCredentials } from '../oauth.ts'
import { createYoutubeBudget } from './budget.ts'
import { readYoutubeChannel } from './channel.ts'
import { listYoutubeUploads } from './listing.ts'
import { refreshYoutubeToken } from './oauth.ts'
import { createYoutubeApi } from './request.ts'
import { createSharedLookups } from './shared-lookups.ts'
import { createUploadsCache } from './uploads.ts'
import { readYoutubeVideos } from './videos.ts'

const REFUSALS_MAX = 10_000
const UPLOADS_MAX = 10_000

/** What the connector is made of. `client` is null when the gateway has no application there. */
export interface YoutubeDependencies {
  http: Http
  /** Base URLs of the Data API, of the Analytics API, and of Google's tokens. */
  origins: { data: string; reports: string; oauth: string }
  client: ClientCredentials | null
  /** How many units of the Data API our application has for a day. */
  unitsPerDay: number
  random: () => number
}

/** YouTube, through the Data API v3 and the Analytics API v2. */
export function createYoutube(deps: YoutubeDependencies): Connector {
  const { http, origins, client, random } = deps
  const memory = createMemory(REFUSALS_MAX)
  const uploads = createUploadsCache(UPLOADS_MAX)
  const budget = createYoutubeBudget(deps.unitsPerDay)
  const api = createYoutubeApi({ http, origins, random, memory, budget })
  const lookups = createSharedLookups()
  const session = (account: ConnectedAccount, context: CallContext) => ({
    ...{ api, lookups, memory, account, context },
  })
  const oauth = { http, origin: origins.oauth, client }
  return {
    platform: 'youtube',
    readAccount: (account, context) => readYoutubeChannel(session(account, context), uploads),
    readPublications: (account, refs, context) =>
      readYoutubeVideos(session(account, context), refs),
    listPublications: (account, cursor, context) =>
      listYoutubeUploads(session(account, context), uploads, cursor),
    refreshToken: (account, context) => refreshYoutubeToken(oauth, account, context),
  }
}
