/** The URN of an organization, by its number. */
export function organizationUrn(id: string): string {
  return `urn:li:organization:${id}`
}

/** A URN as it stands in a URL: its colons are encoded, unlike those of Rest.li's own syntax. */
export function encodedUrn(urn: string): string {
  return encodeURIComponent(urn)
}

/** URNs as Rest.li lists them: parentheses and commas stay as they are. */
export function listOf(urns: readonly string[]): string {
  return `List(${urns.map(encodedUrn).join(',')})`
}

/** Whole days in Rest.li's syntax. Both ends are midnights in UTC, the second is not included. */
export function daysBetween(start: Date, end: Date): string {
  return `(timeRange:(start:${start.getTime()},end:${end.getTime()}),timeGranularityType:DAY)`
}

/** The kinds of posts. Each has a parameter of its own in the share statistics. */
export type PostKind = 'share' | 'ugcPost'

/** The kind of a post, by its URN; null for what is no post that can be asked for. */
export function postKindOf(urn: string): PostKind | null {
  const [, kind] = urn.match(/^urn:li:(share|ugcPost):\d{1,19}$/) ?? []
  return kind === 'share' || kind === 'ugcPost' ? kind : null
}

/** Text in LinkedIn's little format as people read it: nothing escaped, mentions by their names. */
export function readableText(little: string): string {
  return little.replace(LITTLE, (_whole, hashtag?: string, mention?: string, plain?: string) => {
    if (hashtag !== undefined) return `#${withoutEscapes(hashtag)}`
    return mention === undefined ? (plain ?? '') : withoutEscapes(mention)
  })
}

const RESERVED = String.raw`\\([(){}[\]<>@#*_~|\\])`
// Names have a limit, so that a hostile text is not searched again and again to its end.
const HASHTAG = String.raw`\{hashtag\|\\?#\|((?:\\.|[^}\\]){0,300})\}`
const MENTION = String.raw`@\[((?:\\.|[^\]\\]){0,300})\] ?\(urn:li:[^)]{0,100}\)`
const LITTLE = new RegExp(`${HASHTAG}|${MENTION}|${RESERVED}`, 'g')

function withoutEscapes(text: string): string {
  return text.replace(new RegExp(RESERVED, 'g'), '$1')
}
