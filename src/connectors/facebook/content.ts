import type { Content } from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import { graphTime } from '../graph/time.ts'
import { numberOf, textOf, valueAt, wordsOf } from '../json.ts'

const HOST = 'https://www.facebook.com'

/** The fields of a post that this gateway reads. */
export const POST_FIELDS = [
  ...['id', 'message', 'story', 'created_time', 'permalink_url', 'full_picture', 'status_type'],
  'attachments{media_type,type,title,url,target}',
]

/** The fields of a reel. */
export const REEL_FIELDS = [
  ...['id', 'description', 'created_time', 'permalink_url', 'length', 'views', 'picture'],
]

/** The fields of a video. `post_id` is the post that shows it. */
export const VIDEO_FIELDS = [
  ...['id', 'title', 'description', 'created_time', 'permalink_url', 'length', 'picture'],
  ...['views', 'post_id'],
]

/** What a post says beside its numbers. It has no duration, not even of a video. */
export function postContent(node: JsonObject): Content {
  return {
    url: absoluteUrl(node),
    text: textOf(node['message']) ?? textOf(node['story']),
    contentType: typeOfPost(node),
    thumbnailUrl: wordsOf(node['full_picture']),
    durationSeconds: null,
    publishedAt: graphTime(node['created_time']),
  }
}

/** What the node of a video or a reel says beside its numbers. */
export function videoContent(node: JsonObject, contentType: 'video' | 'reel'): Content {
  return {
    url: absoluteUrl(node),
    text: wordsOf(node['description']) ?? wordsOf(node['title']),
    contentType,
    thumbnailUrl: wordsOf(node['picture']),
    durationSeconds: numberOf(node['length']),
    publishedAt: graphTime(node['created_time']),
  }
}

/** Whether a node is a reel, or a post that shows one: both have the reel's link. */
export function isReel(node: JsonObject): boolean {
  return wordsOf(node['permalink_url'])?.includes('/reel/') === true
}

/** Whether a post shows what somebody else had published. */
export function isShared(node: JsonObject): boolean {
  return node['status_type'] === 'shared_story'
}

/** The id of the video or the reel that a post shows; null when the post does not say. */
export function shownVideoId(node: JsonObject): string | null {
  const attachments = valueAt(node, 'attachments.data')
  const [first] = Array.isArray(attachments) ? attachments : []
  const [, inLink = null] = wordsOf(node['permalink_url'])?.match(/\/reel\/(\d{1,20})\b/) ?? []
  const target = wordsOf(valueAt(first, 'target.id'))
  return target !== null && /^\d{1,20}$/.test(target) ? target : inLink
}

/** The id of the post that shows a video; null when the video's node names none. */
export function wrappingPostId(node: JsonObject, pageId: string): string | null {
  const id = wordsOf(node['post_id'])
  if (id === null || !/^\d{1,20}(_\d{1,20})?$/.test(id)) return null
  return id.includes('_') ? id : `${pageId}_${id}`
}

/** Links of videos begin with a slash. */
function absoluteUrl(node: JsonObject): string | null {
  const url = wordsOf(node['permalink_url'])
  return url?.startsWith('/') === true ? `${HOST}${url}` : url
}

const BY_MEDIA: Readonly<Record<string, ContentType>> = {
  photo: 'image',
  video: 'video',
  album: 'carousel',
  link: 'link',
}

const BY_STATUS: Readonly<Record<string, ContentType>> = {
  added_photos: 'image',
  added_video: 'video',
  mobile_status_update: 'text',
  shared_story: 'link',
}

function typeOfPost(node: JsonObject): ContentType {
  if (isReel(node)) return 'reel'
  const attachments = valueAt(node, 'attachments.data')
  const [first] = Array.isArray(attachments) ? attachments : []
  const media = textOf(valueAt(first, 'media_type'))
  const status = textOf(node['status_type'])
  if (media !== null) return typeIn(BY_MEDIA, media) ?? 'other'
  if (status !== null) return typeIn(BY_STATUS, status) ?? 'other'
  return wordsOf(node['message']) === null ? 'other' : 'text'
}

function typeIn(types: Readonly<Record<string, ContentType>>, word: string): ContentType | null {
  return Object.hasOwn(types, word) ? (types[word] ?? null) : null
}
