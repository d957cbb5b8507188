import { expect, test } from 'vitest'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import { BATCH, LIST, linkedin, listOf, ORGANIZATION, SHARES } from './linkedin.ts'
import { at, DAY_MS, idsOf, listAt, NOW, planFor, startPlatforms } from './platforms.ts'

const PAGE = `/rest/organizationPageStatistics?q=organization&organization=${ORGANIZATION}`
const FOLLOWERS = `/rest/organizationalEntityFollowerStatistics?q=organizationalEntity&organizationalEntity=${ORGANIZATION}`
const range = (start: number, end: number) =>
  `${FOLLOWERS}&timeIntervals=(timeRange:(start:${start},end:${end}),timeGranularityType:DAY)`

const MIDNIGHT = Date.parse('2026-11-20T00:00:00Z')

test('a page’s followers are one number, whose edge is spelled in capitals', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const sizes = `/rest/networkSizes/${ORGANIZATION}?edgeType=`
  const { body } = await linkedin(platforms, `${sizes}COMPANY_FOLLOWED_BY_MEMBER`)
  const numbers = platforms.world.accountNumbers(platforms.account(), NOW)
  expect(body).toEqual({ firstDegreeSize: numbers['follower_statistics_total_follower_count'] })
  expect((await linkedin(platforms, `${sizes}CompanyFollowedByMember`)).status).toBe(400)
})

test('a page’s views add up to those of its sections, and facets may be empty', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const [element] = listAt(await linkedin(platforms, PAGE), 'elements')
  const { views, clicks } = Object(element)['totalPageStatistics']
  const sections = Object.entries<{ pageViews: number }>(views)
    .filter(([name]) => !/^(all|desktop|mobile)/.test(name))
    .map(([, { pageViews }]) => pageViews)
  expect(views.allPageViews.pageViews).toBe(sections.reduce((sum, count) => sum + count, 0))
  expect(clicks.desktopCustomButtonClickCounts).toContainEqual({
    customButtonType: 'VISIT_WEBSITE',
    clicks: expect.any(Number),
  })
  expect(element).toMatchObject({ pageStatisticsByFunction: [] })
})

test('a page without statistics is an empty list', async () => {
  const numbers = platformsNames('organizationPageStatistics')
  await using platforms = await startPlatforms([planFor('linkedin', { withheld: numbers })])
  expect(listAt(await linkedin(platforms, PAGE), 'elements')).toEqual([])
})

const platformsNames = (source: string) =>
  metricsOf('linkedin', 'account')
    .filter((metric) => metric.source === source)
    .map(({ name }) => name)

test('gains of followers are told by day between midnights in UTC, and facets without', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const days = listAt(
    await linkedin(platforms, range(MIDNIGHT - 3 * DAY_MS, MIDNIGHT + DAY_MS)),
    'elements',
  )
  // Today is not over yet.
  expect(days).toHaveLength(3)
  expect(days[0]).toMatchObject({
    timeRange: { start: MIDNIGHT - 3 * DAY_MS, end: MIDNIGHT - 2 * DAY_MS },
    followerGains: { organicFollowerGain: expect.any(Number) },
  })
  for (const path of [
    range(MIDNIGHT - DAY_MS, MIDNIGHT - 1),
    range(MIDNIGHT, MIDNIGHT - DAY_MS),
    range(MIDNIGHT - DAY_MS, MIDNIGHT).replaceAll('(', '%28'),
    range(MIDNIGHT - DAY_MS, MIDNIGHT).replaceAll(':', '%3A'),
  ]) {
    expect(at(await linkedin(platforms, path), 'message')).toContain("'timeIntervals' is invalid")
  }
  const [facets] = listAt(await linkedin(platforms, FOLLOWERS), 'elements')
  expect(facets).toMatchObject({ followerCountsByGeo: [] })
})

test('shares and other posts are asked by parameters of their own; silent ones are left out', async () => {
  const content = (index: number) => (index === 0 ? { views: 0 } : {})
  await using platforms = await startPlatforms([planFor('linkedin', { publications: 9, content })])
  const ids = idsOf(platforms)
  const shares = ids.filter((id) => id.startsWith('urn:li:share:'))
  const others = ids.filter((id) => id.startsWith('urn:li:ugcPost:'))
  const asked = async (path: string, key: string) =>
    listAt(await linkedin(platforms, path), 'elements').map((one) => one[key])
  const loud = (urns: string[]) => urns.filter((urn) => urn !== ids[0]).sort()
  const shown = await asked(`${SHARES}&shares=${listOf(shares)}`, 'share')
  expect(shown.sort()).toEqual(loud(shares))
  const rest = await asked(`${SHARES}&ugcPosts=${listOf(others)}`, 'ugcPost')
  expect(rest.sort()).toEqual(loud(others))
  expect(await asked(`${SHARES}&shares=${listOf(others)}`, 'share')).toEqual([])
})

test('the engagement of a post is a fraction of its impressions', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  for (const post of platforms.world.publications(platforms.account(), NOW)) {
    const numbers = platforms.world.publicationNumbers(post, NOW)
    const of = (name: string) => numbers[`share_statistics_${name}`] ?? 0
    const interactions = ['click', 'like', 'comment', 'share'].map((part) => of(`${part}_count`))
    const sum = interactions.reduce((all, count) => all + count, 0)
    expect(of('engagement')).toBeCloseTo(sum / of('impression_count'), 5)
  }
})

test('what is encoded too much, too little or twice is refused', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const [urn = ''] = idsOf(platforms)
  const good = `${SHARES}&shares=${listOf([urn])}`
  const bad = [
    good.replace('List(', 'List%28'),
    good.replaceAll('%3A', ':'),
    good.replaceAll('%3A', '%253A'),
    good.replace('List(', '').replace(')', ''),
    `${good}&fields=all`,
  ]
  expect((await linkedin(platforms, good)).status).toBe(200)
  for (const path of bad) expect((await linkedin(platforms, path)).status, path).toBe(400)
})

test('a video has one number a call, as a number or as text; other posts have none', async () => {
  const content = (index: number) => ({
    kind: index === 0 ? ('video' as const) : ('image' as const),
  })
  await using platforms = await startPlatforms([planFor('linkedin', { content })])
  const [video = '', image = ''] = idsOf(platforms)
  const path = (urn: string, type: string) =>
    `/rest/videoAnalytics?q=entity&entity=${encodeURIComponent(urn)}&type=${type}&aggregation=ALL`
  const views = async () =>
    listAt(await linkedin(platforms, path(video, 'VIDEO_VIEW')), 'elements')[0]?.['value']
  const [post] = platforms.world.publications(platforms.account(), NOW)
  const expected = post && platforms.world.publicationNumbers(post, NOW)['video_view']
  expect(await views()).toBe(expected)
  platforms.simulator.switches.linkedinVideoValues = 'strings'
  expect(await views()).toBe(`${expected}`)
  expect((await linkedin(platforms, path(image, 'VIDEO_VIEW'))).status).toBe(400)
  expect((await linkedin(platforms, path(video, 'LIKES'))).status).toBe(400)
  platforms.clock.now = new Date(NOW.getTime() + 200 * DAY_MS)
  const headers = { ...LIST, 'linkedin-version': '202609' }
  expect(listAt(await linkedin(platforms, path(video, 'VIEWER'), headers), 'elements')).toEqual([])
})

test('posts are looked up in a batch that says of each what became of it', async () => {
  await using platforms = await startPlatforms([planFor('linkedin', { publications: 8 })])
  const ids = idsOf(platforms)
  const [gone = ''] = ids
  platforms.simulator.faults.add({ platform: 'linkedin', id: gone, fault: { kind: 'gone' } })
  const { body, status } = await linkedin(platforms, `/rest/posts?ids=${listOf(ids)}`, BATCH)
  const { results, errors, statuses } = Object(body)
  expect(status).toBe(200)
  expect(Object.keys(results).map(decodeURIComponent).sort()).toEqual(ids.slice(1).sort())
  expect(errors[gone]).toEqual({ status: 404, message: 'Not Found', serviceErrorCode: 0 })
  expect(statuses).toEqual({ [gone]: 404 })
})
