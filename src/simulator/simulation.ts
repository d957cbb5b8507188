import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Platform } from '../domain/platform.ts'
import type { Answer } from './answer.ts'
import type { Fault, Faults } from './faults.ts'
import type { Limits } from './limits.ts'
import type { Tokens } from './tokens.ts'
import type { World } from './world.ts'

/** Choices between the ways in which a platform may behave. */
export const switchesSchema = z.object({
  /** `new_only`: X refuses the older spelling of its parameters. */
  xVocabulary: z.enum(['both', 'new_only']),
  /** The host in the `type` of X's problems. */
  xProblemHost: z.enum(['api.twitter.com', 'api.x.com']),
  /** Whether X lets the application use the analytics endpoints. */
  xAnalytics: z.enum(['not_enrolled', 'enrolled']),
  /** Whether X's media analytics come as numbers or as text. */
  xAnalyticsNumbers: z.enum(['numbers', 'strings']),
  /** `lasting`: TikTok's tokens live 24 h and 365 days, and refreshing keeps the refresh token. */
  tiktokTokens: z.enum(['rotating', 'lasting']),
  /** `always_200`: TikTok's errors come with status 200. */
  tiktokStatus: z.enum(['own', 'always_200']),
  /** `development`: LinkedIn gives the application the small quotas of a new one. */
  linkedinTier: z.enum(['standard', 'development']),
  /** `access_only`: LinkedIn gives the application no refresh tokens. */
  linkedinTokens: z.enum(['refreshable', 'access_only']),
  /** Whether LinkedIn's video analytics come as numbers or as text. */
  linkedinVideoValues: z.enum(['numbers', 'strings']),
  /** Whether the platforms count calls against their limits. */
  limits: z.enum(['on', 'off']),
})

/** The state of every switch. */
export type Switches = z.infer<typeof switchesSchema>

/** The application that the platforms know. Defaults for everything that talks to a simulator. */
export interface ClientCredentials {
  id: string
  secret: string
}

/** Everything that answers are made from. */
export interface Simulation {
  readonly world: World
  readonly tokens: Tokens
  readonly faults: Faults
  readonly limits: Limits
  readonly switches: Switches
  readonly client: ClientCredentials
}

/** One request to a platform. */
export interface Call {
  readonly platform: Platform
  readonly method: string
  /** Below the platform's base URL, without the query. */
  readonly path: string
  /** The platform's base URL as the caller knows it. */
  readonly baseUrl: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The query as it was sent, for platforms that care what of it is encoded. */
  readonly rawQuery: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly now: Date
  /** The platform's id of the account whose token the call carries, good or not. */
  readonly accountId: string | null
}

/** Answers a call from the world as it is at the call's time. */
export type Handler = (call: Call, simulation: Simulation) => Answer

/** One path of a platform. Paths are `URLPattern` path names. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: Handler
  /** The ids that a call names; without it, the parameter `id` of the path. */
  readonly idsOf?: (call: Call) => string[]
}

/** A fault that a platform puts into its own words. */
export type Refusal = Extract<
  Fault,
  { kind: 'unavailable' | 'rate_limited' | 'revoked_token' | 'expired_token' | 'refused' }
>

/** One base URL of a platform. */
export interface Mount {
  readonly platform: Platform
  /** The path below the simulator's own URL. */
  readonly prefix: string
  /** The configuration variable that takes the URL; null for one that none takes yet. */
  readonly variable: string | null
  readonly routes: readonly Route[]
  /** The answer to a path or method that there is none of. */
  unknown(call: Call): Answer
  refuse(fault: Refusal, call: Call, simulation: Simulation): Answer
}

/** The scripted faults' view of a call, or of one item of it. */
export function faultTarget(call: Call, ids: readonly string[]) {
  return { platform: call.platform, path: call.path, ids, now: call.now }
}
