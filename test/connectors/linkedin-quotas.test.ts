import { expect, test } from 'vitest'
import type { ConnectedAccount } from '../../src/domain/connector.ts'
import { elements, PAGE, refused, resourceOf, statisticsOf } from './linkedin-world.ts'
import { failureOfCall, openUpstream, refTo } from './support.ts'

const MIDNIGHT = new Date('2026-11-21T00:00:00.000Z')
const VIDEO = 'urn:li:ugcPost:7003'
/** The same page, connected by another member. */
const OTHER: ConnectedAccount = { ...PAGE, accessToken: 'token-of-another' }

const throttled = (whose: string) =>
  refused(429, 'TOO_MANY_REQUESTS', `Resource level throttle ${whose} DAY limit is reached.`, 101)

/** LinkedIn with one endpoint whose quota is used up. */
const start = (limited: string, whose: string) =>
  openUpstream('linkedin', (request) =>
    resourceOf(request) === limited ? throttled(whose) : elements([statisticsOf(VIDEO)]),
  )

type Page = ReturnType<typeof start>

const list = ({ connector, context }: Page, account = PAGE) =>
  failureOfCall(connector.listPublications(account, null, context))

const readVideo = ({ connector, context }: Page, account = PAGE) =>
  connector.readPublications(account, [refTo(VIDEO)], context)

const asked = ({ requests }: Page, resource: string) =>
  requests.filter((request) => resourceOf(request) === resource).length

const usedUp = ({ budgets }: Page) =>
  budgets.filter(({ remaining }) => remaining === 0).map(({ scope, resetsAt }) => [scope, resetsAt])

test('the application’s quota of an endpoint is used up for every account until midnight', async () => {
  const page = start('posts', 'APPLICATION')
  await list(page)
  const failure = await list(page, OTHER)
  expect(failure).toMatchObject({ kind: 'rate_limited', retryAt: MIDNIGHT, status: null })
  expect(failure.message).toContain('quota of the application for posts')
  expect(asked(page, 'posts')).toBe(1)
  const context = { ...page.context, now: MIDNIGHT }
  await failureOfCall(page.connector.listPublications(OTHER, null, context))
  expect(asked(page, 'posts')).toBe(2)
})

test('a member’s quota of an endpoint is used up for that member', async () => {
  const page = start('posts', 'MEMBER')
  await list(page)
  expect((await list(page)).message).toContain('quota of this connection for posts')
  expect(asked(page, 'posts')).toBe(1)
  expect((await list(page, OTHER)).status).toBe(429)
  expect(asked(page, 'posts')).toBe(2)
})

test.each([
  ['APPLICATION', 'application'],
  ['MEMBER', 'account'],
])('a quota of the %s is told as a budget of the %s that is used up', async (whose, scope) => {
  const page = start('posts', whose)
  await list(page)
  await list(page)
  const told = [scope, MIDNIGHT]
  expect(usedUp(page)).toEqual([told, told])
})

test('the quota of videos holds up no other call, and is not tried again before midnight', async () => {
  const page = start('videoAnalytics', 'APPLICATION')
  await readVideo(page)
  const calls = asked(page, 'videoAnalytics')
  const [outcome] = await readVideo(page, OTHER)
  expect(outcome).toMatchObject({
    reading: {
      native: { share_statistics_like_count: 34 },
      unread: { kind: 'rate_limited', retryAt: MIDNIGHT },
    },
  })
  expect(asked(page, 'videoAnalytics')).toBe(calls)
  expect(usedUp(page)).toEqual([])
})

test('a limit that names no quota is taken for none of them', async () => {
  const page = start('posts', 'HOUR')
  await list(page)
  expect((await list(page)).status).toBe(429)
  expect(usedUp(page)).toEqual([])
})
