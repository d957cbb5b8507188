import type { Reply } from './support.ts'

/** The account of these tests. */
export const IG_ACCOUNT_ID = '17841400000000123'

/** The account's node. */
export const IG_PROFILE = {
  id: IG_ACCOUNT_ID,
  username: 'dravo',
  name: 'Dravo',
  profile_picture_url: 'https://cdn.example/p.jpg',
  followers_count: 3_412_345_678,
  follows_count: 0,
  media_count: 214,
}

/** A number for every metric of media that exists. */
export const MEDIA_NUMBERS: Record<string, number> = {
  views: 1240,
  reach: 980,
  likes: 84,
  comments: 0,
  shares: 3,
  saved: 9,
  total_interactions: 96,
  replies: 2,
  ig_reels_avg_watch_time: 5100,
  ig_reels_video_view_total_time: 6_324_000,
}

/** A media node; the product type is the usual one of its kind. */
export function mediaNode(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    caption: 'Shipping day',
    media_type: 'IMAGE',
    media_product_type: 'FEED',
    media_url: `https://cdn.example/${id}.jpg?exp=1`,
    permalink: `https://www.instagram.com/p/${id}/`,
    timestamp: '2026-11-12T19:20:02+0000',
    like_count: 84,
    comments_count: 6,
    ...more,
  }
}

/** What makes a node one of a reel. */
export const REEL = {
  media_type: 'VIDEO',
  media_product_type: 'REELS',
  thumbnail_url: 'https://cdn.example/t.jpg?exp=1',
}

/** Insight items in the shape of media, in the order in which they were asked for. */
export function lifetimeItems(names: readonly string[]) {
  return names
    .filter((name) => name in MEDIA_NUMBERS)
    .map((name) => ({ name, period: 'lifetime', values: [{ value: MEDIA_NUMBERS[name] }] }))
}

/** The metrics that a `fields` parameter expands; empty when it expands none. */
export function expandedIn(fields: string | null): string[] {
  return fields?.match(/insights\.metric\(([^)]*)\)/)?.[1]?.split(',') ?? []
}

/** A refusal in the envelope of the Graph API. */
export function graphError(
  code: number,
  message: string,
  more: Record<string, unknown> = {},
  reply: Reply = {},
): Reply {
  const error = { message, type: 'OAuthException', code, fbtrace_id: 'AbCdEf', ...more }
  return { status: 400, json: { error }, ...reply }
}

/** Which metrics a kind of media refuses, in the words of the platform. */
export function typeRefusal(names: readonly string[]): Reply {
  const said = `does not support the ${names.join(', ')} metric for this media product type.`
  return graphError(100, `(#100) The Media Insights API ${said}`)
}
