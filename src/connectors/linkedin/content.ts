import type { Content } from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import { validDate } from '../failures.ts'
import { isObject, numberOf, textOf, valueAt, wordsOf } from '../json.ts'
import { readableText } from './restli.ts'

/**
 * What a post is beside its numbers. Its cover and the length of its video are not in the answer:
 * they take calls of their own, whose links expire.
 */
export function toContent(id: string, post: JsonObject): Content {
  const text = textOf(post['commentary'])
  const publishedMs = numberOf(post['publishedAt']) ?? numberOf(post['createdAt'])
  return {
    url: `https://www.linkedin.com/feed/update/${id}`,
    text: text === null ? null : readableText(text),
    contentType: contentTypeOf(post),
    thumbnailUrl: null,
    durationSeconds: null,
    publishedAt: publishedMs === null ? null : validDate(publishedMs),
  }
}

/** Whether everybody may see the post: it is out, and no advertisement that no page shows. */
export function isPublished(post: JsonObject): boolean {
  const state = wordsOf(post['lifecycleState'])
  return (state === null || state === 'PUBLISHED') && valueAt(post, 'adContext.isDsc') !== true
}

const MEDIA: readonly [beginning: string, type: ContentType][] = [
  ['urn:li:video:', 'video'],
  ['urn:li:image:', 'image'],
  // A document is shown page by page.
  ['urn:li:document:', 'carousel'],
]

const PARTS: readonly [part: string, type: ContentType][] = [
  ['article', 'link'],
  ['multiImage', 'carousel'],
  ['carousel', 'carousel'],
]

function contentTypeOf(post: JsonObject): ContentType {
  const content = isObject(post['content']) ? post['content'] : {}
  const media = textOf(valueAt(content, 'media.id')) ?? ''
  const byMedia = MEDIA.find(([beginning]) => media.startsWith(beginning))
  const byPart = PARTS.find(([part]) => part in content)
  if (byMedia !== undefined) return byMedia[1]
  if (byPart !== undefined) return byPart[1]
  return Object.keys(content).length === 0 ? 'text' : 'other'
}
