import type { Content } from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { validDate } from '../failures.ts'
import { numberOf, textOf, valueAt, wordsOf } from '../json.ts'

/** How large a player may be, which makes YouTube tell the shape of a video. */
export const PLAYER_SIZE = { maxWidth: '720', maxHeight: '720' } as const

const SHORT_SECONDS_MAX = 180
const EARLIER_SHORT_SECONDS_MAX = 60
const LONGER_SHORTS_SINCE = new Date('2024-10-15T00:00:00Z')

const SIZES = ['maxres', 'standard', 'high', 'medium', 'default']

/** A video as content. */
export function videoContent(id: string, video: JsonObject): Content {
  const publishedAt = dateAt(video, 'snippet.publishedAt')
  const durationSeconds = durationOf(valueAt(video, 'contentDetails.duration'))
  const contentType = contentTypeOf(video, durationSeconds, publishedAt)
  return {
    url: urlOf(id, contentType),
    text: textIn(video),
    contentType,
    thumbnailUrl: thumbnailOf(video),
    durationSeconds,
    publishedAt,
  }
}

/** An entry of a list of uploads as content. It tells neither the length nor the kind of a video. */
export function uploadContent(id: string, item: JsonObject): Content {
  return {
    url: urlOf(id, 'other'),
    text: textIn(item),
    contentType: 'other',
    thumbnailUrl: thumbnailOf(item),
    durationSeconds: null,
    // When the entry itself was made is another time.
    publishedAt: dateAt(item, 'contentDetails.videoPublishedAt'),
  }
}

/** A count that YouTube writes as a text of digits; anything else as it is. */
export function countOf(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return value
  const count = Number(value)
  return Number.isSafeInteger(count) ? count : value
}

/** The largest picture that there is; the larger sizes may be missing. */
export function thumbnailOf(resource: JsonObject): string | null {
  const urls = SIZES.map((size) => wordsOf(valueAt(resource, `snippet.thumbnails.${size}.url`)))
  return urls.find((url) => url !== null) ?? null
}

/** A length of time as ISO 8601 writes it, in seconds. Null for none, as broadcasts have it. */
export function durationOf(value: JsonValue | undefined): number | null {
  const [whole, days, hours, minutes, seconds] =
    /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/.exec(
      textOf(value) ?? '',
    ) ?? []
  if (whole === undefined) return null
  const [d = 0, h = 0, m = 0, s = 0] = [days, hours, minutes, seconds].map((part) =>
    Number(part ?? 0),
  )
  const total = ((d * 24 + h) * 60 + m) * 60 + s
  return total === 0 ? null : total
}

/** Whether it is a broadcast that has not begun or has not ended. */
export function isBroadcast(video: JsonObject): boolean {
  return ['upcoming', 'live'].includes(textOf(valueAt(video, 'snippet.liveBroadcastContent')) ?? '')
}

/**
 * YouTube has no mark for Shorts, so its own rule decides: a video of up to three minutes (of one
 * minute before 15 October 2024) that is no wider than it is high. The shape shows in the size that
 * a player gets. Where YouTube does not know it, one minute is the sign: what is so short is nearly
 * always a Short, and of longer videos only few are.
 */
function contentTypeOf(
  video: JsonObject,
  seconds: number | null,
  publishedAt: Date | null,
): ContentType {
  if (seconds === null || isBroadcast(video)) return 'video'
  const [width, height] = ['embedWidth', 'embedHeight'].map((side) =>
    numberOf(countOf(valueAt(video, `player.${side}`))),
  )
  if (!width || !height) return seconds <= EARLIER_SHORT_SECONDS_MAX ? 'short' : 'video'
  const isEarlier = publishedAt !== null && publishedAt < LONGER_SHORTS_SINCE
  const isBrief = seconds <= (isEarlier ? EARLIER_SHORT_SECONDS_MAX : SHORT_SECONDS_MAX)
  return isBrief && height >= width ? 'short' : 'video'
}

function urlOf(id: string, contentType: ContentType): string {
  return `https://www.youtube.com/${contentType === 'short' ? `shorts/${id}` : `watch?v=${id}`}`
}

function textIn(resource: JsonObject): string | null {
  const parts = ['title', 'description'].map((part) =>
    wordsOf(valueAt(resource, `snippet.${part}`)),
  )
  const text = parts.filter((part) => part !== null).join('\n\n')
  return text === '' ? null : text
}

function dateAt(resource: JsonObject, path: string): Date | null {
  return validDate(Date.parse(wordsOf(valueAt(resource, path)) ?? ''))
}
