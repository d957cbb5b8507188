import type { Platform } from '../domain/platform.ts'

/** Where one of a platform's APIs lives, and the variable that moves it elsewhere. */
export interface Endpoint {
  /** The environment variable that holds the base URL. */
  readonly variable: string
  readonly platform: Platform
  readonly role: 'api' | 'analytics' | 'oauth'
  /** The platform's own base URL: scheme and host. */
  readonly url: string
}

/** Every base URL there is. What a platform documents after its host is appended to it. */
export const ENDPOINTS = [
  { variable: 'WEIR_X_API_URL', platform: 'x', role: 'api', url: 'https://api.x.com' },
  {
    variable: 'WEIR_INSTAGRAM_API_URL',
    platform: 'instagram',
    role: 'api',
    url: 'https://graph.instagram.com',
  },
  {
    variable: 'WEIR_FACEBOOK_API_URL',
    platform: 'facebook',
    role: 'api',
    url: 'https://graph.facebook.com',
  },
  {
    variable: 'WEIR_LINKEDIN_API_URL',
    platform: 'linkedin',
    role: 'api',
    url: 'https://api.linkedin.com',
  },
  {
    variable: 'WEIR_LINKEDIN_OAUTH_URL',
    platform: 'linkedin',
    role: 'oauth',
    url: 'https://www.linkedin.com',
  },
  {
    variable: 'WEIR_TIKTOK_API_URL',
    platform: 'tiktok',
    role: 'api',
    url: 'https://open.tiktokapis.com',
  },
  {
    variable: 'WEIR_YOUTUBE_API_URL',
    platform: 'youtube',
    role: 'api',
    url: 'https://www.googleapis.com',
  },
  {
    variable: 'WEIR_YOUTUBE_ANALYTICS_URL',
    platform: 'youtube',
    role: 'analytics',
    url: 'https://youtubeanalytics.googleapis.com',
  },
  {
    variable: 'WEIR_YOUTUBE_OAUTH_URL',
    platform: 'youtube',
    role: 'oauth',
    url: 'https://oauth2.googleapis.com',
  },
] as const satisfies readonly Endpoint[]

/** The variable of one endpoint. */
export type EndpointVariable = (typeof ENDPOINTS)[number]['variable']

/** Base URLs by variable: scheme, host and an optional path prefix. */
export type Origins = Readonly<Record<string, string>>

/** The platforms' own base URLs, for every variable. */
export function platformOrigins(): Record<EndpointVariable, string> {
  return Object.fromEntries(ENDPOINTS.map(({ variable, url }) => [variable, url])) as Record<
    EndpointVariable,
    string
  >
}

/** A base URL without a slash at its end. Throws when the configuration left it out. */
export function originOf(origins: Origins, variable: EndpointVariable): string {
  const origin = origins[variable]
  // Falling back to the real platform would send test traffic and test tokens to it.
  if (origin === undefined) throw new Error(`${variable} has no base URL.`)
  return origin.replace(/\/+$/, '')
}
