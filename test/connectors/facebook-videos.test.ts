import { expect, test } from 'vitest'
import {
  BAD_METRIC,
  batching,
  lifetime,
  NOT_THERE,
  namesIn,
  PAGE_ID,
  POST_VALUES,
  postNode,
  REEL_VALUES,
  readsIn,
  reelNode,
  refused,
  VIDEO_VALUES,
} from './facebook-world.ts'
import { accountOn, openUpstream, type Reply, refTo } from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })
const POST = `${PAGE_ID}_900001`
const VIDEO = '660001'
const REEL = '770001'

const shows = (id: string, more: Record<string, unknown> = {}) =>
  postNode(POST, {
    status_type: 'added_video',
    attachments: { data: [{ media_type: 'video', type: 'video', target: { id } }] },
    ...more,
  })

const REEL_POST = shows(REEL, { permalink_url: `https://www.facebook.com/reel/${REEL}/` })

/** A post that shows a video or a reel, and that video or reel by an id of its own. */
interface Shown {
  post?: object
  video?: object
  /** What is answered differently; null: as usual. */
  unless?(url: URL): Reply | null
}

function start({ post = shows(VIDEO), video = {}, unless = () => null }: Shown = {}) {
  const answer = (url: URL): Reply => {
    const [, , id = '', edge] = url.pathname.split('/')
    const counts = lifetime(id === REEL ? REEL_VALUES : VIDEO_VALUES)
    if (edge === 'insights') return { json: { data: lifetime(POST_VALUES, namesIn(url)) } }
    if (edge === 'video_insights') return { json: { data: counts } }
    if (id.includes('_')) {
      const insights = { data: lifetime(POST_VALUES, namesIn(url)) }
      return { json: { ...post, ...(namesIn(url).length > 0 && { insights }) } }
    }
    const insights = url.searchParams.get('fields')?.includes('video_insights')
    const node = reelNode(id, { permalink_url: `/dravo/videos/${id}/`, ...video })
    return { json: { ...node, ...(insights && { video_insights: { data: counts } }) } }
  }
  return openUpstream(
    'facebook',
    batching((url) => unless(url) ?? answer(url)),
  )
}

async function read(upstream: ReturnType<typeof start>, ref = refTo(POST)) {
  const [outcome] = await upstream.connector.readPublications(ACCOUNT, [ref], upstream.context)
  if (outcome === undefined || !('reading' in outcome)) throw new Error('There is no reading.')
  return outcome.reading
}

const ACTIVITY = {
  post_clicks: 41,
  post_activity_by_action_type_comment: 4,
  post_activity_by_action_type_share: 0,
  post_media_view: 5120,
}
const REACTIONS = {
  post_reactions_by_type_total: 36,
  post_reactions_by_type_like: 33,
  post_reactions_by_type_love: 2,
  post_reactions_by_type_sorry: 1,
}
const WATCHED = {
  post_video_views: 900,
  post_video_avg_time_watched: 4200,
  post_video_view_time: 3_780_000,
}
const BY_NODE = {
  total_video_views: 700,
  total_video_views_unique: 560,
  total_video_avg_time_watched: 6000,
  total_video_view_total_time: 4_200_000,
}
const ALL = { ...ACTIVITY, ...REACTIONS, ...WATCHED, ...BY_NODE }
const REEL_COUNTS = {
  post_video_social_actions_comment: 5,
  post_video_social_actions_share: 3,
  fb_reels_total_plays: 5630,
  blue_reels_play_count: 5120,
  post_video_avg_time_watched: 3000,
  post_video_view_time: 15_360_000,
}

test('a post with a video has its own numbers, the viewers of the video and its length', async () => {
  const upstream = start()
  const { native, missing, warnings, content } = await read(upstream)
  expect({ native, missing, warnings }).toEqual({ native: ALL, missing: {}, warnings: [] })
  expect(content).toMatchObject({ contentType: 'video', durationSeconds: 17.5 })
  // Which video it is, and then both.
  expect(upstream.calls()).toBe(2)
})

test.each([POST, '900001'])('a bare video is read by the post %s around it as well', async (id) => {
  const upstream = start({ video: { post_id: id } })
  const { native, missing, warnings } = await read(upstream, refTo(VIDEO))
  expect({ native, missing, warnings }).toEqual({ native: ALL, missing: {}, warnings: [] })
  expect(upstream.calls()).toBe(2)
  const paths = upstream.requests.flatMap(readsIn).map(({ pathname }) => pathname)
  expect(paths).toContain(`/v25.0/${POST}/insights`)
})

test('a video without a post has what its node counts, and nothing else is missed', async () => {
  const { native, missing, warnings } = await read(start(), refTo(VIDEO))
  expect(native).toEqual({
    ...BY_NODE,
    ...{ post_reactions_by_type_total: 8, post_reactions_by_type_like: 8 },
  })
  expect(new Set(Object.values(missing))).toEqual(new Set(['not_supported']))
  expect(warnings).toEqual([])
})

test.each<[string, object]>([
  ['its attachment', REEL_POST],
  ['its link', { ...REEL_POST, attachments: undefined }],
])('a post with a reel, known by %s, has all that the reel counts', async (_, post) => {
  const { native, missing, warnings } = await read(
    start({ post }),
    refTo(POST, { contentType: 'reel' }),
  )
  expect({ native, missing, warnings }).toEqual({
    native: { ...REACTIONS, ...REEL_COUNTS },
    missing: {},
    warnings: [],
  })
})

test('a post with a reel that nobody has looked at yet is read as a reel', async () => {
  const ref = refTo(POST, { contentType: 'other', publishedAt: null })
  const { native, content } = await read(start({ post: REEL_POST }), ref)
  expect(content).toMatchObject({ contentType: 'reel', durationSeconds: 17.5 })
  expect(native).toEqual({ ...REACTIONS, ...REEL_COUNTS })
})

test.each<[string, Shown, string]>([
  [
    'may not be read',
    { post: REEL_POST, unless: (url) => failing(url, REEL, refused(10, '(#10) Permission')) },
    'missing_scope',
  ],
  [
    'is down',
    { post: REEL_POST, unless: (url) => failing(url, REEL, refused(2, 'Try later')) },
    'fetch_failed',
  ],
  [
    'belongs to a post that may not be looked at',
    { unless: (url) => failing(url, POST, refused(10, '(#10) Permission')) },
    'missing_scope',
  ],
])('a reel that %s leaves the numbers of the post, and says why', async (_, shown, reason) => {
  const { native, missing, warnings } = await read(
    start(shown),
    refTo(POST, { contentType: 'reel' }),
  )
  expect(native).toMatchObject(REACTIONS)
  expect(missing).toMatchObject({ fb_reels_total_plays: reason, blue_reels_play_count: reason })
  expect(warnings).toEqual([expect.stringMatching(/did not show .*fb_reels_total_plays/)])
})

test('a post around a video that may not be read leaves the numbers of the video', async () => {
  const { native, missing, warnings } = await read(
    start({
      video: { post_id: POST },
      unless: (url) => failing(url, `${POST}/insights`, refused(10, '(#10) Permission')),
    }),
    refTo(VIDEO),
  )
  expect(native).toMatchObject(BY_NODE)
  expect(missing).toMatchObject({ post_clicks: 'missing_scope', post_media_view: 'missing_scope' })
  expect(warnings).toEqual([expect.stringContaining('post_clicks')])
})

test('a part that is down is worth another try', async () => {
  const unless = (url: URL) => failing(url, VIDEO, refused(2, 'Try later'))
  const { unread, native } = await read(start({ unless }))
  expect(unread).toMatchObject({ kind: 'unavailable' })
  expect(native).toMatchObject({ ...ACTIVITY, ...WATCHED })
})

test.each<[string, Shown]>([
  ['that somebody else published', { post: shows(VIDEO, { status_type: 'shared_story' }) }],
  ['of somebody else', { unless: (url) => failing(url, VIDEO, NOT_THERE) }],
])('of a video %s, only what the post counts is expected', async (_, shown) => {
  const { native, missing, warnings } = await read(start(shown))
  expect(native).toEqual({ ...ACTIVITY, ...REACTIONS, ...WATCHED })
  expect(missing).toMatchObject({ total_video_views_unique: 'not_supported' })
  expect(warnings).toEqual([])
})

test('one refused metric loses neither what a post looks like nor its other numbers', async () => {
  const unless = (url: URL) => (namesIn(url).includes('post_clicks') ? BAD_METRIC : null)
  const { native, missing, content } = await read(start({ unless }))
  const { post_clicks: _, ...others } = ALL
  expect(native).toEqual(others)
  expect(missing).toEqual({ post_clicks: 'not_supported' })
  expect(content?.durationSeconds).toBe(17.5)
})

test.each<[string, Reply]>([
  ['is nothing', NOT_THERE],
  ['has no insights', refused(100, '(#100) Tried accessing nonexisting field (video_insights)')],
])('a bare number that %s of its own is that of a post', async (_, reply) => {
  const unless = (url: URL) => (url.pathname.startsWith('/v25.0/900001') ? reply : null)
  const ref = refTo('900001', { contentType: 'other', publishedAt: null })
  const { native, content } = await read(start({ post: postNode(POST), unless }), ref)
  expect(content).toMatchObject({ contentType: 'image' })
  expect(native).toEqual({ ...ACTIVITY, ...REACTIONS })
})

test('a limit that the video meets ends the whole call', async () => {
  const unless = (url: URL) => failing(url, VIDEO, refused(80_001, 'Too many calls'))
  const { connector, context } = start({ unless })
  const outcomes = await connector
    .readPublications(ACCOUNT, [refTo(POST)], context)
    .catch((error: unknown) => error)
  expect(outcomes).toMatchObject({ failure: { kind: 'rate_limited' } })
})

/** A refusal of one path below the version; null for all others. */
function failing(url: URL, path: string, reply: Reply): Reply | null {
  return url.pathname === `/v25.0/${path}` ? reply : null
}
