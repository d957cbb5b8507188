import { expect, test } from 'vitest'
import {
  BAD_METRIC,
  batching,
  dayItem,
  namesIn,
  PAGE,
  PAGE_ID,
  PAGE_METRICS,
  pageItems,
  readsIn,
  refused,
} from './facebook-world.ts'
import { ACCESS_TOKEN, accountOn, failureOfCall, openUpstream, type Reply } from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })

const NODE_NUMBERS = {
  followers_count: 12_000,
  talking_about_count: 84,
  were_here_count: 0,
  checkins: 0,
}
const SUMS = {
  page_post_engagements: 21,
  page_actions_post_reactions_total: 10,
  page_video_views: 21,
  page_views_total: 21,
  page_total_actions: 21,
}

/** A Page whose insights are answered by `insights`, alone or in a batch. */
function start(insights: (names: string[]) => Reply, node: Reply = { json: PAGE }) {
  return openUpstream(
    'facebook',
    batching((url) => (url.pathname.endsWith('/insights') ? insights(namesIn(url)) : node)),
  )
}

const read = ({ connector, context }: ReturnType<typeof start>, account = ACCOUNT) =>
  connector.readAccount(account, context)

const itemsFor = (names: string[]): Reply => ({ json: { data: pageItems(names) } })

test('a Page is its node and one call for insights, over 28 Pacific days', async () => {
  const upstream = start(itemsFor)
  const reading = await read(upstream)
  expect(reading.native).toEqual({ ...NODE_NUMBERS, ...SUMS })
  expect(reading).toMatchObject({ missing: {}, warnings: [] })
  expect(reading.profile).toEqual({
    handle: 'dravo',
    displayName: 'Dravo',
    avatarUrl: 'https://cdn.example/p.jpg',
  })
  const [node, insights] = upstream.requests
  expect(node?.url.pathname).toBe(`/v25.0/${PAGE_ID}`)
  expect(Object.fromEntries(insights?.url.searchParams ?? [])).toEqual({
    metric: PAGE_METRICS.join(','),
    period: 'day',
    since: `${Date.parse('2026-10-23T07:00:00Z') / 1000}`,
    until: `${Date.parse('2026-11-20T08:00:00Z') / 1000}`,
  })
  for (const { headers } of upstream.requests) {
    expect(headers['authorization']).toBe(`Bearer ${ACCESS_TOKEN}`)
  }
  expect(upstream.calls()).toBe(2)
})

test('withdrawn metrics are never asked for', async () => {
  const upstream = start(itemsFor)
  await read(upstream)
  expect(upstream.requests.map(({ url }) => url.href).join()).not.toContain('page_consumptions')
})

test('an empty success is no row of zeros, and says so', async () => {
  const { native, missing, warnings } = await read(
    start(() => ({ json: { data: [], paging: {} } })),
  )
  expect(native).toEqual(NODE_NUMBERS)
  expect(missing).toEqual(Object.fromEntries(PAGE_METRICS.map((name) => [name, 'not_reported'])))
  expect(warnings).toEqual(['Facebook Page insight metrics unavailable.'])
})

test('one metric that the platform no longer knows loses no other, and is left out for a day', async () => {
  const upstream = start((names) =>
    names.includes('page_views_total') ? BAD_METRIC : itemsFor(names),
  )
  const { native, missing, warnings } = await read(upstream)
  const { page_views_total: _, ...others } = SUMS
  expect(native).toEqual({ ...NODE_NUMBERS, ...others })
  expect({ missing, warnings }).toEqual({
    missing: { page_views_total: 'not_supported' },
    warnings: [],
  })
  // The node, the refused call, a batch of five to find out which it was, and the others again.
  expect(upstream.calls()).toBe(4)
  expect(await read(upstream)).toMatchObject({ native })
  expect(upstream.calls()).toBe(6)
})

test.each<[string, readonly unknown[], number | string]>([
  ['days without a reaction are days with none', [{}, {}], 0],
  ['a day that is missing is left out', [{ like: 4 }], 4],
  ['a day without a value is left out', [null, { like: 4 }], 4],
  ['days without any value are unknown', [null, null], 'not_reported'],
  ['what is no count makes the sum unreadable', [{ like: 'many' }, {}], 'fetch_failed'],
])('%s', async (_, values, result) => {
  const upstream = start(() => ({
    json: { data: [dayItem('page_actions_post_reactions_total', values)] },
  }))
  const { native, missing } = await read(upstream)
  const name = 'page_actions_post_reactions_total'
  expect(native[name] ?? missing[name]).toBe(result)
})

test('days outside of the window are not added', async () => {
  const values = [
    '2026-10-23T07:00:00+0000',
    '2026-10-24T07:00:00+0000',
    '2026-11-21T08:00:00+0000',
  ]
  const item = {
    name: 'page_video_views',
    values: values.map((end_time, index) => ({ value: 10 ** index, end_time })),
  }
  const { native } = await read(start(() => ({ json: { data: [item] } })))
  expect(native['page_video_views']).toBe(10)
})

test.each<[string, Reply, string]>([
  ['no permission', refused(10, '(#10) This endpoint requires a permission'), 'missing_scope'],
  ['Pages scopes', refused(283, 'Requires extended permission'), 'missing_scope'],
  [
    'a person’s token',
    refused(190, 'This method must be called with a Page Access Token'),
    'fetch_failed',
  ],
])('insights that fail for %s leave the counters of the node', async (_, reply, reason) => {
  const { native, missing, warnings } = await read(start(() => reply))
  expect(native).toEqual(NODE_NUMBERS)
  expect(new Set(Object.values(missing))).toEqual(new Set([reason]))
  expect(warnings).toHaveLength(1)
})

test('an account that did not grant insights is not asked for them', async () => {
  const scopes = ['pages_show_list', 'pages_read_engagement']
  const upstream = start(itemsFor)
  const { missing, warnings } = await read(
    upstream,
    accountOn('facebook', { platformAccountId: PAGE_ID, scopes }),
  )
  expect(new Set(Object.values(missing))).toEqual(new Set(['missing_scope']))
  expect(warnings.join()).toContain('read_insights')
  expect(upstream.calls()).toBe(1)
})

test('a node that cannot be read leaves the insights', async () => {
  const { native, profile } = await read(start(itemsFor, refused(100, '(#100) Unknown field')))
  expect(native).toEqual(SUMS)
  expect(profile.handle).toBeNull()
})

const NO_FIELD = '(#100) Tried accessing nonexisting field (were_here_count) on node type (Page)'

/** A Page whose node is refused for one field, alone or with others. */
function startRefusing(field: string, refusal: Reply) {
  return openUpstream(
    'facebook',
    batching((url) => {
      if (url.pathname.endsWith('/insights')) return itemsFor(namesIn(url))
      const fields = url.searchParams.get('fields')?.split(',') ?? []
      if (fields.includes(field)) return refusal
      const names = fields.map((each) => each.split('{')[0] ?? '')
      return {
        json: Object.fromEntries(Object.entries(PAGE).filter(([key]) => names.includes(key))),
      }
    }),
  )
}

const nodesAsked = ({ requests }: ReturnType<typeof start>) =>
  requests.flatMap(readsIn).filter(({ pathname }) => pathname.endsWith(`/${PAGE_ID}`))

test.each<[string, Reply, string]>([
  ['there is none of any more', refused(100, NO_FIELD), 'not_supported'],
  ['is deprecated', refused(12, '(#12) were_here_count field is deprecated'), 'not_supported'],
  ['takes a permission', refused(10, '(#10) This requires a permission'), 'missing_scope'],
])('one field of the Page that %s loses no other, for a day', async (_, refusal, reason) => {
  const upstream = startRefusing('were_here_count', refusal)
  const { native, missing, profile } = await read(upstream)
  const { were_here_count: __, ...others } = NODE_NUMBERS
  expect(native).toEqual({ ...others, ...SUMS })
  expect(missing).toEqual({ were_here_count: reason })
  expect(profile).toMatchObject({ handle: 'dravo', displayName: 'Dravo' })
  // The node, and each of its fields alone.
  expect(nodesAsked(upstream)).toHaveLength(9)
  expect(await read(upstream)).toMatchObject({ native, missing, profile })
  expect(nodesAsked(upstream)).toHaveLength(10)
  expect(nodesAsked(upstream).at(-1)?.href).not.toContain('were_here_count')
})

test('what one account is refused is asked for on behalf of another', async () => {
  const upstream = startRefusing('were_here_count', refused(10, '(#10) No permission'))
  await read(upstream)
  const before = upstream.requests.length
  await read(upstream, { ...ACCOUNT, accessToken: 'another' })
  expect(upstream.requests[before]?.url.href).toContain('were_here_count')
})

test('a metric that one account is refused is asked for on behalf of another', async () => {
  const upstream = start((names) =>
    names.includes('page_views_total') ? BAD_METRIC : itemsFor(names),
  )
  await read(upstream)
  const before = upstream.requests.length
  await read(upstream, { ...ACCOUNT, accessToken: 'another' })
  const [, insights] = upstream.requests.slice(before)
  expect(insights?.url.searchParams.get('metric')).toContain('page_views_total')
})

test('a part that was down is worth another try', async () => {
  const down = { status: 503, json: { error: { message: 'Try later', code: 2 } } }
  const { native, unread } = await read(start(() => down))
  expect(native).toEqual(NODE_NUMBERS)
  expect(unread).toMatchObject({ kind: 'unavailable' })
})

test('an id that cannot be a Page’s never becomes part of a URL', async () => {
  const upstream = start(itemsFor)
  const account = accountOn('facebook', { platformAccountId: '../me' })
  expect((await failureOfCall(read(upstream, account))).kind).toBe('gone')
  expect(upstream.calls()).toBe(0)
})

test('a Page’s token is exchanged for none', async () => {
  const upstream = start(itemsFor)
  expect(await upstream.connector.refreshToken(ACCOUNT, upstream.context)).toBeNull()
  expect(upstream.calls()).toBe(0)
})
