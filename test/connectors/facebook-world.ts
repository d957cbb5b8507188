import type { Reply, Request } from './support.ts'

/** The Page of these tests. */
export const PAGE_ID = '1122334455'

/** The Page's node. */
export const PAGE = {
  id: PAGE_ID,
  name: 'Dravo',
  username: 'dravo',
  link: 'https://www.facebook.com/dravo',
  followers_count: 12_000,
  talking_about_count: 84,
  were_here_count: 0,
  checkins: 0,
  picture: { data: { url: 'https://cdn.example/p.jpg' } },
}

/** Every insight of a Page that is asked for. */
export const PAGE_METRICS = [
  ...['page_post_engagements', 'page_actions_post_reactions_total', 'page_video_views'],
  ...['page_views_total', 'page_total_actions'],
]

/** A day's values: the newest that ended, and the one before. */
export const DAY_ENDS = ['2026-11-19T08:00:00+0000', '2026-11-20T08:00:00+0000']

/** A Page insight with a value for each of the newest days. */
export function dayItem(name: string, values: readonly unknown[] = [12, 9]) {
  const days = values.map((value, index) => ({ value, end_time: DAY_ENDS[index] }))
  return { name, period: 'day', values: days, id: `${PAGE_ID}/insights/${name}/day` }
}

/** The insights of a Page, of which reactions come by kind. */
export function pageItems(names: readonly string[] = PAGE_METRICS) {
  return names.map((name) =>
    name === 'page_actions_post_reactions_total'
      ? dayItem(name, [{ like: 7, love: 2, haha: 1 }, {}])
      : dayItem(name),
  )
}

/** A value for every insight of a post. */
export const POST_VALUES: Record<string, unknown> = {
  post_clicks: 41,
  post_reactions_by_type_total: { like: 33, love: 2, sorry: 1 },
  post_activity_by_action_type: { like: 36, comment: 4 },
  post_media_view: 5120,
  post_video_views: 900,
  post_video_avg_time_watched: 4200,
  post_video_view_time: 3_780_000,
}

/** The insights of a reel, in its own spelling. */
export const REEL_VALUES: Record<string, unknown> = {
  blue_reels_play_count: 5120,
  fb_reels_total_plays: 5630,
  post_video_view_time: 15_360_000,
  post_video_avg_time_watched: 3000,
  post_video_likes_by_reaction_type: { REACTION_LIKE: 90, REACTION_LOVE: 4 },
  post_video_social_actions: { COMMENT: 5, SHARE: 3 },
}

/** The insights of a video's own node. */
export const VIDEO_VALUES: Record<string, unknown> = {
  total_video_views: 700,
  total_video_views_unique: 560,
  total_video_avg_time_watched: 6000,
  total_video_view_total_time: 4_200_000,
  total_video_reactions_by_type_total: { like: 8 },
}

/** Insights for the whole life of something. */
export function lifetime(values: Record<string, unknown>, names = Object.keys(values)) {
  return names
    .filter((name) => name in values)
    .map((name) => ({ name, period: 'lifetime', values: [{ value: values[name] }] }))
}

/** A post's node. */
export function postNode(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    message: 'Shipping day',
    created_time: '2026-11-12T19:20:02+0000',
    permalink_url: `https://www.facebook.com/dravo/posts/${id}`,
    full_picture: 'https://cdn.example/p.jpg',
    status_type: 'added_photos',
    attachments: { data: [{ media_type: 'photo', type: 'photo' }] },
    ...more,
  }
}

/** A reel's node. */
export function reelNode(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    description: 'On the way',
    created_time: '2026-11-11T10:00:00+0000',
    permalink_url: `/reel/${id}/`,
    length: 17.5,
    picture: 'https://cdn.example/r.jpg',
    ...more,
  }
}

/** A refusal in the envelope of the Graph API. */
export function refused(code: number, message: string, more: Record<string, unknown> = {}): Reply {
  return { status: 400, json: { error: { message, type: 'OAuthException', code, ...more } } }
}

/** What a metric that the platform does not know costs: the whole call, unnamed. */
export const BAD_METRIC = refused(100, '(#100) The value must be a valid insights metric')

/** What something that is not there, or not for this caller, is answered with. */
export const NOT_THERE = refused(100, 'Unsupported get request.', { error_subcode: 33 })

/** The reads of a batch; of any other call, the one that it is. */
export function readsIn({ url, method, body }: Request): URL[] {
  if (method === 'GET') return [url]
  const operations = JSON.parse(new URLSearchParams(body).get('batch') ?? '[]') as {
    relative_url: string
  }[]
  return operations.map(({ relative_url }) => new URL(`/v25.0/${relative_url}`, url))
}

/** A platform that answers every read alike, alone or as a part of a batch. Null: unfinished. */
export function batching(answer: (url: URL) => Reply | null): (request: Request) => Reply {
  return (request) => {
    const replies = readsIn(request).map(answer)
    if (request.method === 'GET') return replies[0] ?? {}
    return {
      json: replies.map(
        (reply) => reply && { code: reply.status ?? 200, body: JSON.stringify(reply.json ?? {}) },
      ),
    }
  }
}

/** The metrics that a read names, in its query or in an expansion; empty when it names none. */
export function namesIn(url: URL): string[] {
  const expanded = url.searchParams.get('fields')?.match(/insights\.metric\(([^)]*)\)/)?.[1]
  return (url.searchParams.get('metric') ?? expanded)?.split(',') ?? []
}
