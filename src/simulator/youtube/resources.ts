import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { hashOf } from '../random.ts'

const TITLE_LENGTH_MAX = 100

const SIZES = [
  ['default', 120, 90],
  ['medium', 320, 180],
  ['high', 480, 360],
  ['standard', 640, 480],
  ['maxres', 1280, 720],
] as const

/** A resource with its kind and with those of its parts that were selected. */
export function resource(
  kind: string,
  id: string,
  parts: ReadonlySet<string>,
  all: JsonObject,
): JsonObject {
  const shown = Object.entries(all).filter(([part]) => parts.has(part))
  const etag = etagOf(kind, id)
  return { kind: `youtube#${kind}`, etag, id, ...Object.fromEntries(shown) }
}

/** A list of resources. Null where the platform leaves the key out. */
export function listAnswer(
  kind: string,
  items: JsonObject[] | null,
  page: { total: number; perPage: number; next?: string | null },
): JsonObject {
  return {
    kind: `youtube#${kind}ListResponse`,
    etag: etagOf(kind, `${page.total}`),
    ...(page.next ? { nextPageToken: page.next } : {}),
    ...(items === null ? {} : { items }),
    pageInfo: { totalResults: page.total, resultsPerPage: page.perPage },
  }
}

/** Counts as the Data API writes them: as text. */
export function countTexts(counts: Record<string, number>): JsonObject {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, `${count}`]))
}

/** A story in two parts: what fits into a title, cut between words, and the rest. */
export function titled(text: string): { title: string; description: string } {
  const letters = [...text]
  if (letters.length <= TITLE_LENGTH_MAX) return { title: text, description: '' }
  const head = letters.slice(0, TITLE_LENGTH_MAX + 1).join('')
  const end = head.lastIndexOf(' ')
  return { title: text.slice(0, end), description: text.slice(end + 1) }
}

/** Pictures in the usual sizes. The largest are made for large uploads only. */
export function thumbnails(url: string, hasLarge: boolean): JsonObject {
  const sizes = hasLarge ? SIZES : SIZES.slice(0, 3)
  return Object.fromEntries(
    sizes.map(([name, width, height]) => [name, { url: `${url}?size=${name}`, width, height }]),
  )
}

/** The pictures of a video. */
export function videoThumbnails(video: SimulatedPublication): JsonObject {
  const url = video.thumbnailUrl ?? 'https://media.example/covers/none.jpg'
  return thumbnails(url, hashOf(0, 'large', video.platformPostId) % 2 === 0)
}

/** The playlist of everything that a channel has uploaded. */
export function uploadsOf({ platformAccountId }: SimulatedAccount): string {
  return platformAccountId.replace(/^UC/, 'UU')
}

/** A moment in whole seconds, as the platform writes it. */
export function instant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z')
}

function etagOf(kind: string, id: string): string {
  return hashOf(0, kind, id).toString(36)
}
