import type { DecodedPostId } from '../platform-world.ts'

const WITH_PAGE = /^(?:\d+_)?12(\d{10})(\d{4})\d0$/

/** The number of what a Page published: past 2^53, and undone without a table. */
export function numberOf(publishedAt: Date, accountIndex: number, salt: number): string {
  const seconds = `${Math.floor(publishedAt.getTime() / 1000)}`.padStart(10, '0')
  return `12${seconds}${`${accountIndex % 10_000}`.padStart(4, '0')}${salt % 10}0`
}

/** What a number, or a post's id that ends with one, says; null for any other id. */
export function decodeNumber(id: string): DecodedPostId | null {
  const [, seconds, index] = WITH_PAGE.exec(id) ?? []
  if (seconds === undefined) return null
  return { publishedAt: new Date(Number(seconds) * 1000), accountIndex: Number(index) }
}

/** The number at the end of a post's id; a bare number itself. */
export function numberIn(id: string): string {
  return id.slice(id.indexOf('_') + 1)
}

/** The id of the video that a post shows. */
export function videoIdOf(postId: string): string {
  return `${numberIn(postId).slice(0, -1)}1`
}

/** The id of the post that shows a video; null for an id that is none of such a video. */
export function postIdOfVideo(pageId: string, videoId: string): string | null {
  return /^12\d{15}1$/.test(videoId) ? `${pageId}_${videoId.slice(0, -1)}0` : null
}
