import { expect, test } from 'vitest'
import { PAGE, PAGE_ANSWERS, PAGE_ENCODED, refused, resourceOf, TOTALS } from './linkedin-world.ts'
import { accountOn, failureOfCall, openUpstream, type Reply } from './support.ts'

const start = (answers: Record<string, Reply> = {}) =>
  openUpstream('linkedin', (request) => {
    const resource = resourceOf(request)
    return answers[resource] ?? { json: PAGE_ANSWERS[resource] }
  })

const read = (upstream: ReturnType<typeof start>, account = PAGE) =>
  upstream.connector.readAccount(account, upstream.context)

const DENIED = refused(403, 'ACCESS_DENIED', 'Not enough permissions to access: it', 100)
const LIMITED = refused(429, 'TOO_MANY_REQUESTS', 'throttle MEMBER DAY limit is reached', 101)
const MIDNIGHT = new Date('2026-11-21T00:00:00.000Z')
const FIRST_NUMBERS = {
  networkSizes: 'follower_statistics_total_follower_count',
  organizationPageStatistics: 'page_statistics_views_all_page_views',
  organizationalEntityFollowerStatistics: 'follower_statistics_organic_follower_gain',
  organizationalEntityShareStatistics: 'share_statistics_impression_count',
}

test('a page is four calls, and a fifth one for its name', async () => {
  const upstream = start()
  const { native, missing, profile } = await read(upstream)
  expect(native).toMatchObject({
    follower_statistics_total_follower_count: 219_145,
    follower_statistics_organic_follower_gain: -3,
    follower_statistics_paid_follower_gain: 2,
    page_statistics_views_all_page_views: 22,
    page_statistics_views_mobile_life_at_page_views: 0,
    page_statistics_clicks_desktop_custom_button_click_counts: 7,
    page_statistics_clicks_mobile_custom_button_click_counts: 0,
    page_statistics_clicks_careers_page_clicks_careers_page_jobs_clicks: 6,
    share_statistics_impression_count: 1203,
    share_statistics_share_mentions_count: 3,
    share_statistics_engagement: 0.056525,
  })
  expect(missing).toMatchObject({
    page_statistics_views_overview_page_views: 'not_reported',
    share_statistics_comment_mentions_count: 'not_reported',
  })
  expect(profile).toEqual({ handle: 'acme', displayName: 'Acme Ltd', avatarUrl: null })
  expect(upstream.calls()).toBe(5)
})

test('the name is asked for once a day, so that the next reading is four calls', async () => {
  const upstream = start()
  await read(upstream)
  const { profile } = await read(upstream)
  expect(upstream.calls()).toBe(9)
  expect(profile).toEqual({ handle: null, displayName: null, avatarUrl: null })
})

test('unknown keys are kept, facets are not, and what is absent stays absent', async () => {
  const { native, warnings } = await read(start())
  expect(native['page_statistics_views_moon_page_views']).toBe(3)
  expect(native['page_statistics_views_moon_page_views_unique']).toBe(2)
  expect(Object.keys(native).filter((name) => name.includes('seniority'))).toEqual([])
  expect(native).not.toHaveProperty('page_statistics_views_about_page_views')
  expect(warnings).toEqual([])
})

test('URNs are encoded, and the syntax around them is not', async () => {
  const upstream = start()
  await read(upstream)
  const byResource = new Map(upstream.requests.map((each) => [resourceOf(each), each.url]))
  expect(byResource.get('networkSizes')?.href).toBe(
    `https://api.linkedin.com/rest/networkSizes/${PAGE_ENCODED}?edgeType=COMPANY_FOLLOWED_BY_MEMBER`,
  )
  expect(byResource.get('organizationPageStatistics')?.search).toBe(
    `?q=organization&organization=${PAGE_ENCODED}`,
  )
  // The 30 days end with the last complete one: 2026-10-21 to 2026-11-19.
  expect(byResource.get('organizationalEntityFollowerStatistics')?.search).toBe(
    `?q=organizationalEntity&organizationalEntity=${PAGE_ENCODED}` +
      '&timeIntervals=(timeRange:(start:1792540800000,end:1795132800000),timeGranularityType:DAY)',
  )
})

test('one refused group leaves the others, and a warning names it', async () => {
  const { native, missing, warnings } = await read(start({ organizationPageStatistics: DENIED }))
  expect(native).toHaveProperty('share_statistics_like_count', 34)
  expect(missing).toMatchObject({ page_statistics_views_all_page_views: 'missing_scope' })
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('organizationPageStatistics failed.')
  expect(warnings[0]).toContain('ADMINISTRATOR')
})

test('a group that LinkedIn cannot answer has failed, and is not a missing scope', async () => {
  const down = { status: 503, text: '<html>Service Unavailable</html>' }
  const { native, missing } = await read(start({ organizationalEntityFollowerStatistics: down }))
  expect(native).toHaveProperty('follower_statistics_total_follower_count')
  expect(missing).toMatchObject({ follower_statistics_organic_follower_gain: 'fetch_failed' })
})

const everywhere = (reply: Reply) =>
  Object.fromEntries(Object.keys(PAGE_ANSWERS).map((name) => [name, reply]))

test('a page that refuses every question is closed to the member, who is told of the role', async () => {
  const failure = await failureOfCall(read(start(everywhere(DENIED))))
  expect(failure).toMatchObject({ kind: 'unsupported', status: 403 })
  expect(failure.message).toContain('It takes the role ADMINISTRATOR')
})

test.each(Object.keys(PAGE_ANSWERS).filter((name) => name !== 'organizations'))(
  'a quota that is used up at %s costs nothing that the others answer',
  async (name) => {
    const { native, missing, unread } = await read(start({ [name]: LIMITED }))
    const others = Object.keys(PAGE_ANSWERS).filter((each) => each !== name)
    for (const [other, number] of Object.entries(FIRST_NUMBERS)) {
      if (others.includes(other)) expect(native).toHaveProperty(number)
      else expect(missing).toHaveProperty(number, 'fetch_failed')
    }
    expect(unread).toMatchObject({ kind: 'rate_limited', retryAt: MIDNIGHT })
  },
)

test('a page whose quotas are all used up is not read', async () => {
  const failure = await failureOfCall(read(start(everywhere(LIMITED))))
  expect(failure).toMatchObject({ kind: 'rate_limited', retryAt: MIDNIGHT })
})

test('a dead token is found out by one call', async () => {
  const dead = refused(401, 'REVOKED_ACCESS_TOKEN', 'Revoked', 65_601)
  const upstream = start({ networkSizes: dead })
  expect((await failureOfCall(read(upstream))).kind).toBe('unauthorized')
  expect(upstream.calls()).toBe(1)
})

test('a reading that is cancelled half-way is no partial one', async () => {
  const cancel = new AbortController()
  const upstream = openUpstream('linkedin', async (request) => {
    if (resourceOf(request) !== 'networkSizes') cancel.abort()
    return { json: PAGE_ANSWERS[resourceOf(request)] }
  })
  const context = { ...upstream.context, signal: cancel.signal }
  const failure = await failureOfCall(upstream.connector.readAccount(PAGE, context))
  expect(failure.kind).toBe('unavailable')
})

test('what a page was not granted is not asked for, but its followers are', async () => {
  const upstream = start()
  const account = accountOn('linkedin', { ...PAGE.account, scopes: ['r_organization_social'] })
  const { native, missing } = await read(upstream, account)
  expect(native).toEqual({ follower_statistics_total_follower_count: 219_145 })
  expect(missing).toMatchObject({ share_statistics_like_count: 'missing_scope' })
  expect(upstream.requests.map(resourceOf)).not.toContain('organizationPageStatistics')
})

const SILENCE = { json: { elements: [], paging: { links: [] } } }
const STATISTICS = [
  'organizationPageStatistics',
  'organizationalEntityFollowerStatistics',
  'organizationalEntityShareStatistics',
]

test('a page without any activity has no numbers, no zeros, and nothing is wrong', async () => {
  const silent = Object.fromEntries(STATISTICS.map((name) => [name, SILENCE]))
  const { native, missing, warnings } = await read(start(silent))
  expect(native).toEqual({ follower_statistics_total_follower_count: 219_145 })
  expect(missing).toMatchObject({
    share_statistics_impression_count: 'not_reported',
    follower_statistics_organic_follower_gain: 'not_reported',
    page_statistics_views_all_page_views: 'not_reported',
  })
  expect(warnings).toEqual([])
})

test('statistics that are there and lack one of their numbers are incomplete', async () => {
  const { likeCount, ...others } = TOTALS
  const shares = { json: { elements: [{ totalShareStatistics: others }] } }
  const { warnings } = await read(start({ organizationalEntityShareStatistics: shares }))
  expect(likeCount).toBe(34)
  expect(warnings).toEqual(['LinkedIn did not report share_statistics_like_count.'])
})
