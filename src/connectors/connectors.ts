import type { Dispatcher } from 'undici'
import type { Now } from '../domain/clock.ts'
import type { Connectors } from '../domain/connector.ts'
import { NO_OBSERVERS, type Observers } from '../domain/observers.ts'
import type { Platform } from '../domain/platform.ts'
import { type Origins, originOf } from './endpoints.ts'
import { createFacebook } from './facebook/connector.ts'
import { createHttp, type HttpOptions } from './http.ts'
import { createInstagram } from './instagram/connector.ts'
import { createLinkedin } from './linkedin/connector.ts'
import type { ClientCredentials } from './oauth.ts'
import { type QuotaSizes, quotaOf } from './quotas.ts'
import { createTiktok } from './tiktok/connector.ts'
import { createX } from './x/connector.ts'
import { createYoutube } from './youtube/connector.ts'

/** What every connector needs to know of its surroundings. */
export interface ConnectorOptions {
  /** Base URLs by variable, for the platforms that have a connector at least. */
  origins: Origins
  /** Our application at each platform, for the renewal of tokens. */
  clients: Partial<Record<Platform, ClientCredentials>>
  /** Sizes of quotas that differ from the usual ones, by variable. */
  quotas?: QuotaSizes
  /** Limits that differ from the usual ones. */
  http?: Partial<HttpLimits>
  /** A number from 0 to below 1, for jitter; without one, waits are the same every time. */
  random?: () => number
  /** The clock; without one, the time of each call is the time that it was given. */
  now?: Now
  /** Where requests go instead of the network; it is not closed with the connectors. */
  dispatcher?: Dispatcher
  /** Who hears of calls; left out: nobody. */
  observers?: Observers
}

/** The limits of calls. */
export type HttpLimits = Omit<HttpOptions, 'random' | 'dispatcher' | 'now' | 'observers'>

/** The limits of a call where the configuration names no others. */
export const HTTP_DEFAULTS = {
  deadlineMs: 15_000,
  bodyMaxBytes: 4 * 1024 * 1024,
  attemptsMax: 3,
  retryDelayMs: 250,
  connectionsMax: 32,
  circuitFailures: 5,
  circuitSpanMs: 60_000,
  circuitPauseMs: 30_000,
  circuitPauseMaxMs: 300_000,
} as const satisfies HttpLimits

/** Every connector there is, over one HTTP client; `close` ends its connections. */
export function createConnectors(options: ConnectorOptions): {
  connectors: Connectors
  close(): Promise<void>
} {
  const random = options.random ?? (() => 0.5)
  const dispatcher = options.dispatcher ?? null
  const now = options.now ?? null
  const { observers = NO_OBSERVERS } = options
  const http = createHttp({
    ...HTTP_DEFAULTS,
    ...options.http,
    ...{ random, dispatcher, now, observers },
  })
  const clientOf = (platform: Platform) => options.clients[platform] ?? null
  const origin = originOf.bind(null, options.origins)
  return {
    connectors: {
      facebook: createFacebook(http, origin('WEIR_FACEBOOK_API_URL')),
      instagram: createInstagram(http, {
        instagramLogin: origin('WEIR_INSTAGRAM_API_URL'),
        facebookLogin: origin('WEIR_FACEBOOK_API_URL'),
      }),
      linkedin: createLinkedin({
        http,
        apiOrigin: origin('WEIR_LINKEDIN_API_URL'),
        oauthOrigin: origin('WEIR_LINKEDIN_OAUTH_URL'),
        client: clientOf('linkedin'),
      }),
      tiktok: createTiktok({
        http,
        origin: origin('WEIR_TIKTOK_API_URL'),
        client: clientOf('tiktok'),
        random,
      }),
      x: createX(http, origin('WEIR_X_API_URL'), clientOf('x')),
      youtube: createYoutube({
        http,
        origins: {
          data: origin('WEIR_YOUTUBE_API_URL'),
          reports: origin('WEIR_YOUTUBE_ANALYTICS_URL'),
          oauth: origin('WEIR_YOUTUBE_OAUTH_URL'),
        },
        client: clientOf('youtube'),
        unitsPerDay: quotaOf(options.quotas ?? {}, 'WEIR_YOUTUBE_UNITS_PER_DAY'),
        random,
      }),
    },
    close: () => http.close(),
  }
}
