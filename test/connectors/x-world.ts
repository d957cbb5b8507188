import type { Reply, Request } from './support.ts'
import { NOW } from './support.ts'

/** The account whose posts these are. */
export const X_ACCOUNT_ID = '1700000000000000001'

/** The account as X describes it; nothing is asked about it that is not named here. */
export const X_USER = {
  id: X_ACCOUNT_ID,
  name: 'Acme Tools',
  username: 'acmetools',
  profile_image_url: 'https://pbs.example/a_normal.jpg',
  verified_followers_count: 37,
  public_metrics: {
    followers_count: 3_412_345_678,
    following_count: 180,
    tweet_count: 320,
    listed_count: 0,
    like_count: 900,
    media_count: 88,
  },
}

/** A post of an age in days, with the private numbers that its author may see while it is young. */
export function xPost(id: string, ageDays: number): Record<string, unknown> {
  return {
    id,
    text: `Post ${id} &amp; more`,
    created_at: new Date(NOW.getTime() - ageDays * 86_400_000).toISOString(),
    edit_history_tweet_ids: [id],
    public_metrics: {
      retweet_count: 5,
      reply_count: 3,
      like_count: 41,
      quote_count: 0,
      bookmark_count: 7,
      impression_count: 1903,
    },
    non_public_metrics: {
      impression_count: 1903,
      url_link_clicks: 12,
      user_profile_clicks: 9,
      engagements: 96,
    },
  }
}

/** A problem about one object, in the words of the platform. */
export function xProblem(type: string, id: string, more: Record<string, unknown> = {}) {
  return {
    value: id,
    resource_id: id,
    parameter: 'ids',
    resource_type: 'tweet',
    title: 'A problem',
    detail: `What is wrong with [${id}].`,
    type: `https://api.twitter.com/2/problems/${type}`,
    ...more,
  }
}

/** Answers look-ups and timelines from posts, newest first, as X does: no `data` when empty. */
export function answerFrom(posts: Record<string, unknown>[]): (request: Request) => Reply {
  return ({ url }) => {
    const { searchParams: asked, pathname } = url
    if (pathname === '/2/tweets') {
      const ids = asked.get('ids')?.split(',') ?? []
      if (ids.length > 100) return { status: 400, json: { title: 'Invalid Request' } }
      return pageOf(posts.filter((post) => ids.includes(String(post['id']))))
    }
    const from = asked.get('start_time') ?? ''
    const until = asked.get('end_time') ?? '9999'
    const start = Number(asked.get('pagination_token') ?? 0)
    const size = Number(asked.get('max_results'))
    const all = posts.filter(({ created_at: at }) => String(at) >= from && String(at) < until)
    const next = start + size < all.length ? { next_token: String(start + size) } : {}
    const page = pageOf(all.slice(start, start + size))
    const users = asked.get('expansions')?.includes('author_id') ? [X_USER] : []
    return { json: { ...page.json, includes: { users }, meta: { ...page.json.meta, ...next } } }
  }
}

function pageOf(posts: Record<string, unknown>[]) {
  const meta = { result_count: posts.length }
  return { json: posts.length === 0 ? { meta } : { data: posts, meta } }
}
