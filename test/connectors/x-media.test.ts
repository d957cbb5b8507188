import { expect, test } from 'vitest'
import { accountOn, openUpstream, refTo } from './support.ts'
import { X_ACCOUNT_ID, xPost } from './x-world.ts'

const ACCOUNT = accountOn('x', { platformAccountId: X_ACCOUNT_ID })

const video = (key: string, more: Record<string, unknown> = {}) => ({
  media_key: key,
  type: 'video',
  duration_ms: 23_400,
  preview_image_url: 'https://pbs.example/thumb.jpg',
  public_metrics: { view_count: 812 },
  non_public_metrics: {
    ...{ playback_0_count: 812, playback_25_count: 500, playback_50_count: 390 },
    ...{ playback_75_count: 301, playback_100_count: 0 },
  },
  ...more,
})

const photo = (key: string) => ({
  media_key: key,
  type: 'photo',
  url: `https://pbs.example/${key}`,
})

/** The only post of an answer, with these media attached and these included. */
async function readWith(attached: string[], media: object[], more: Record<string, unknown> = {}) {
  const post = { ...xPost('1', 1), attachments: { media_keys: attached }, ...more }
  const { connector, context } = openUpstream('x', () => ({
    json: { data: [post], includes: { media } },
  }))
  const [outcome] = await connector.readPublications(ACCOUNT, [refTo('1')], context)
  if (outcome === undefined || !('reading' in outcome)) throw new Error('The post has no reading.')
  return outcome.reading
}

test('a video has its views, its quartiles, its cover and its length in seconds', async () => {
  const { native, content } = await readWith(['13_1'], [video('13_1'), video('13_99')])
  expect(native).toMatchObject({ view_count: 812, playback_25_count: 500, playback_100_count: 0 })
  expect(content).toMatchObject({
    contentType: 'video',
    durationSeconds: 23.4,
    thumbnailUrl: 'https://pbs.example/thumb.jpg',
  })
})

test('several videos add up, and what one leaves out is unknown for all', async () => {
  const both = await readWith(['13_1', '13_2'], [video('13_1'), video('13_2')])
  expect(both.native['view_count']).toBe(1624)
  const second = video('13_2', { public_metrics: {} })
  const { native, warnings } = await readWith(['13_1', '13_2'], [video('13_1'), second])
  expect(native).not.toHaveProperty('view_count')
  expect(warnings).toEqual(['X did not report view_count.'])
})

test('users who saw several videos may be the same, and are not added up', async () => {
  const attached = ['13_1', '13_2']
  const { native, missing, warnings } = await readWith(
    attached,
    attached.map((key) => video(key)),
  )
  expect(Object.keys(native).filter((name) => name.startsWith('playback'))).toEqual([])
  expect(missing).toMatchObject({ playback_0_count: 'not_supported' })
  expect(warnings).toEqual([])
})

test('a video that X leaves out of its answer is still one, with unknown views', async () => {
  const { native, content, warnings } = await readWith(['13_1'], [])
  expect(content?.contentType).toBe('video')
  expect(native).not.toHaveProperty('view_count')
  expect(warnings[0]).toMatch(/^X did not report view_count, playback_0_count/)
})

test.each([
  ['text', [], []],
  ['image', ['3_1'], [photo('3_1')]],
  ['carousel', ['3_1', '3_2'], [photo('3_1'), photo('3_2')]],
  ['image', ['16_1'], [{ media_key: '16_1', type: 'animated_gif' }]],
])('media tell the kind: %s', async (contentType, attached, media) => {
  const { content, native } = await readWith(attached, media)
  expect(content?.contentType).toBe(contentType)
  expect(native).not.toHaveProperty('view_count')
})

test('a long post has its whole text, in either spelling', async () => {
  const text = 'Whole & long'
  expect((await readWith([], [], { note_tweet: { text } })).content?.text).toBe(text)
  expect((await readWith([], [], { note_post: { text } })).content?.text).toBe(text)
})

test('the newer spelling of reposts is stored under the older name', async () => {
  const { native } = await readWith([], [], { public_metrics: { repost_count: 6 } })
  expect(native['retweet_count']).toBe(6)
})

test('clicks that X leaves out of a post without links are unknown without a warning', async () => {
  const numbers = { engagements: 1, user_profile_clicks: 0 }
  const { missing, warnings } = await readWith([], [], { non_public_metrics: numbers })
  expect(missing).toEqual({ url_link_clicks: 'not_reported' })
  expect(warnings).toEqual([])
})

test('private numbers of a post past its 30 days are not supported, which is no warning', async () => {
  const old = '2026-01-01T00:00:00.000Z'
  const { connector, context } = openUpstream('x', () => ({
    json: { data: [{ ...xPost('1', 1), created_at: old, non_public_metrics: undefined }] },
  }))
  const refs = [refTo('1', { publishedAt: new Date(old) })]
  const [outcome] = await connector.readPublications(ACCOUNT, refs, context)
  expect(outcome).toMatchObject({
    reading: { missing: { url_link_clicks: 'not_supported' }, warnings: [] },
  })
})
