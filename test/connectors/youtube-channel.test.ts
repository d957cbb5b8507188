import { expect, test } from 'vitest'
import { accountOn, failureOfCall, openUpstream, type Reply } from './support.ts'
import { CHANNEL, CHANNEL_ID, ytError } from './youtube-world.ts'

const ACCOUNT = accountOn('youtube', { platformAccountId: CHANNEL_ID })
const READ = 'https://www.googleapis.com/auth/youtube.readonly'

const readWith = (reply: Reply, account = ACCOUNT) => {
  const upstream = openUpstream('youtube', () => reply)
  return { upstream, call: upstream.connector.readAccount(account, upstream.context) }
}

const withStatistics = (statistics: object) =>
  readWith({ json: { items: [{ ...CHANNEL, statistics }] } }).call

test('a channel is its counters, which come as texts, and its profile, in one call', async () => {
  const { upstream, call } = readWith({ json: { items: [CHANNEL] } })
  expect(await call).toEqual({
    native: {
      ...{ subscriber_count: 12_300, view_count: 1_530_220, video_count: 184 },
      hidden_subscriber_count: 0,
    },
    missing: {},
    warnings: [],
    payload: CHANNEL,
    profile: { handle: 'acme', displayName: 'Acme', avatarUrl: 'https://yt.example/hq.jpg' },
  })
  expect(upstream.requests.map(({ url }) => `${url.origin}${url.pathname}`)).toEqual([
    'https://www.googleapis.com/youtube/v3/channels',
  ])
  expect(upstream.requests[0]?.url.searchParams.get('mine')).toBe('true')
})

test('hidden subscribers are unknown, never zero, and nothing is wrong with that', async () => {
  const statistics = { ...CHANNEL.statistics, subscriberCount: '0', hiddenSubscriberCount: true }
  const reading = await withStatistics(statistics)
  expect(reading.native).not.toHaveProperty('subscriber_count')
  expect(reading.native).toMatchObject({ hidden_subscriber_count: 1 })
  expect(reading).toMatchObject({ missing: { subscriber_count: 'not_reported' }, warnings: [] })
})

test('a counter that is left out, or is no count, is unknown with a warning', async () => {
  const reading = await withStatistics({
    ...{ viewCount: '99999999999999999999', subscriberCount: '12300', videoCount: 'many' },
    hiddenSubscriberCount: false,
  })
  expect(reading.native).toEqual({ subscriber_count: 12_300, hidden_subscriber_count: 0 })
  expect(reading.warnings).toEqual([
    'YouTube reported a view_count that is larger than 2^53 - 1.',
    'YouTube reported a video_count that is not a count.',
  ])
})

test.each<[string, Reply]>([
  ['unsupported', { json: { kind: 'youtube#channelListResponse', pageInfo: {} } }],
  ['unsupported', ytError(401, 'youtubeSignupRequired')],
  ['unauthorized', { json: { items: [{ ...CHANNEL, id: 'UCanother000000000000002' }] } }],
  ['malformed', { json: [] }],
  ['malformed', { json: {} }],
  ['malformed', { text: '<html></html>' }],
])('%s: %j', async (kind, reply) => {
  expect((await failureOfCall(readWith(reply).call)).kind).toBe(kind)
})

test('without the scope nothing is asked; a scope that grants more will do', async () => {
  const scoped = (scope: string) =>
    accountOn('youtube', { platformAccountId: CHANNEL_ID, scopes: [scope] })
  const json = { items: [CHANNEL] }
  const without = readWith({ json }, scoped('https://www.googleapis.com/auth/userinfo.email'))
  const failure = await failureOfCall(without.call)
  expect(failure).toMatchObject({ kind: 'missing_scope', message: expect.stringContaining(READ) })
  expect(without.upstream.calls()).toBe(0)
  const more = readWith({ json }, scoped('https://www.googleapis.com/auth/youtube'))
  expect((await more.call).native).toHaveProperty('view_count')
})
