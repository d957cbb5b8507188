import type { Platforms, Said } from './platforms.ts'

/** The page of the tests, as it stands in a URL. */
export const ORGANIZATION = 'urn%3Ali%3Aorganization%3A1337'

/** The headers of a finder. */
export const LIST = {
  'linkedin-version': '202609',
  'x-restli-protocol-version': '2.0.0',
  'x-restli-method': 'FINDER',
}

/** The headers of a batch. */
export const BATCH = { ...LIST, 'x-restli-method': 'BATCH_GET' }

/** The page's posts, and their statistics. */
export const POSTS = `/rest/posts?q=author&author=${ORGANIZATION}`
export const SHARES = `/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=${ORGANIZATION}`

/** URNs as a parameter lists them. */
export function listOf(urns: readonly string[]): string {
  return `List(${urns.map(encodeURIComponent).join(',')})`
}

/** Asks LinkedIn with all the headers that it wants. */
export function linkedin(
  platforms: Platforms,
  path: string,
  headers: Record<string, string> = LIST,
): Promise<Said> {
  return platforms.ask(path, { headers })
}
