import { expect, test } from 'vitest'
import type { PublicationOutcome } from '../../src/domain/connector.ts'
import {
  elements,
  listed,
  NATIVE,
  PAGE,
  PAGE_ENCODED,
  postObject,
  refused,
  resourceOf,
  statisticsOf,
} from './linkedin-world.ts'
import {
  accountOn,
  failureOfCall,
  openUpstream,
  type Reply,
  type Request,
  refTo,
} from './support.ts'

const share = (index: number) => `urn:li:share:${7_100_000_000_000_000_000n + BigInt(index)}`
const ugcPost = (index: number) => `urn:li:ugcPost:${7_200_000_000_000_000_000n + BigInt(index)}`
const text = (id: string) => refTo(id, { contentType: 'text' })
const many = (count: number, urnOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(urnOf(index)))

const asked = (request: Request) => [...listed(request, 'shares'), ...listed(request, 'ugcPosts')]
const DENIED = refused(403, 'ACCESS_DENIED', 'Not enough permissions to access: it', 100)

/** A page that has all posts it is asked for, unless `answer` says otherwise. */
const start = (answer: (request: Request) => Reply | undefined = () => undefined) =>
  openUpstream('linkedin', (request) => {
    const own = answer(request)
    if (own !== undefined) return own
    if (resourceOf(request) !== 'posts') {
      return elements(
        asked(request)
          .map((urn) => statisticsOf(urn))
          .reverse(),
      )
    }
    const results = listed(request, 'ids').map((urn) => [urn, postObject(urn)])
    return { json: { results: Object.fromEntries(results) } }
  })

const read = async (upstream: ReturnType<typeof start>, refs: ReturnType<typeof text>[]) => {
  const outcomes = await upstream.connector.readPublications(PAGE, refs, upstream.context)
  return new Map(outcomes.map((outcome) => [outcome.platformPostId, outcome]))
}

const kindOf = (outcome: PublicationOutcome | undefined) =>
  outcome && 'failure' in outcome ? outcome.failure.kind : 'reading'

test('shares and other posts are asked apart, 50 a call, in a URL below 4 kB', async () => {
  const upstream = start()
  const refs = [...many(120, share), ...many(60, ugcPost)]
  const outcomes = await read(upstream, refs)
  expect(upstream.requests.map((request) => asked(request).length)).toEqual([50, 50, 20, 50, 10])
  expect(upstream.requests[0]?.url.search).toMatch(
    `?q=organizationalEntity&organizationalEntity=${PAGE_ENCODED}&shares=List(urn%3Ali%3Ashare%3A71`,
  )
  for (const { url } of upstream.requests) expect(url.href.length).toBeLessThan(4000)
  expect(outcomes.get(ugcPost(7))).toMatchObject({ reading: { native: NATIVE, warnings: [] } })
  expect([...outcomes.values()].map(kindOf)).toEqual(refs.map(() => 'reading'))
})

test('a silent share has no numbers and says so; one that is gone is gone', async () => {
  const upstream = start((request) => {
    if (resourceOf(request) !== 'posts') return elements([statisticsOf(share(0))])
    return {
      json: {
        results: { [encodeURIComponent(share(1))]: postObject(share(1)) },
        statuses: { [share(2)]: 404 },
        errors: { [share(2)]: { status: 404, message: 'Not Found', serviceErrorCode: 0 } },
      },
    }
  })
  const outcomes = await read(upstream, many(4, share))
  expect([0, 1, 2, 3].map((index) => kindOf(outcomes.get(share(index))))).toEqual([
    ...['reading', 'reading', 'gone', 'gone'],
  ])
  expect(listed(upstream.requests[1] as Request, 'ids')).toEqual([1, 2, 3].map(share))
  expect(upstream.requests[1]?.headers).toMatchObject({ 'x-restli-method': 'BATCH_GET' })
  expect(outcomes.get(share(1))).toMatchObject({
    reading: {
      native: {},
      missing: { share_statistics_like_count: 'not_reported' },
      warnings: [expect.stringContaining('LinkedIn did not report share_statistics_impression')],
      content: { text: 'New release (v2)' },
    },
  })
})

test('a silent share that the same run has listed is not looked up', async () => {
  const upstream = start((request) =>
    resourceOf(request) === 'posts' ? elements([postObject(share(0))]) : elements([]),
  )
  await upstream.connector.listPublications(PAGE, null, upstream.context)
  const outcomes = await read(upstream, [text(share(0))])
  expect(kindOf(outcomes.get(share(0)))).toBe('reading')
  expect(upstream.calls()).toBe(2)
  const later = { ...upstream.context }
  await upstream.connector.readPublications(PAGE, [text(share(0))], later)
  expect(upstream.calls()).toBe(4)
})

test('a look-up that fails does not say that silent shares are gone', async () => {
  const upstream = start((request) =>
    resourceOf(request) === 'posts' ? { status: 200, json: {} } : elements([]),
  )
  expect(kindOf((await read(upstream, [text(share(0))])).get(share(0)))).toBe('malformed')
})

test('a post of somebody else spoils no other: the batch is asked again without it', async () => {
  const foreign = { author: 'urn:li:organization:9' }
  const upstream = start((request) => {
    if (asked(request).includes(share(3))) return DENIED
    if (resourceOf(request) !== 'posts') return undefined
    const results = listed(request, 'ids').map((urn) => [
      urn,
      postObject(urn, urn === share(3) ? foreign : {}),
    ])
    return { json: { results: Object.fromEntries(results) } }
  })
  const outcomes = await read(upstream, many(50, share))
  expect(kindOf(outcomes.get(share(3)))).toBe('gone')
  expect([...outcomes.values()].filter((each) => 'reading' in each)).toHaveLength(49)
  expect(upstream.calls()).toBe(3)
})

test('a lost role fails every post, after one look whether a post is to blame', async () => {
  const upstream = start((request) => (resourceOf(request) === 'posts' ? undefined : DENIED))
  const outcomes = await read(upstream, many(150, share))
  expect(new Set([...outcomes.values()].map(kindOf))).toEqual(new Set(['missing_scope']))
  expect(upstream.calls()).toBe(3 + 1)
})

test('content of an unknown kind is looked up, and what it is becomes known', async () => {
  const upstream = start()
  const outcomes = await read(upstream, [refTo(share(0), { contentType: 'other' })])
  expect(outcomes.get(share(0))).toMatchObject({
    reading: { native: NATIVE, content: { contentType: 'text' } },
  })
  expect(upstream.calls()).toBe(2)
})

test('ids that are no posts are gone without a call', async () => {
  const upstream = start()
  const ids = ['7001', 'urn:li:activity:7001', 'urn:li:share:7)', 'urn:li:share:']
  const outcomes = await read(upstream, ids.map(text))
  expect(ids.map((id) => kindOf(outcomes.get(id)))).toEqual(ids.map(() => 'gone'))
  expect(upstream.calls()).toBe(0)
})

test('a page whose id is no number is gone without a call', async () => {
  const upstream = start()
  const account = accountOn('linkedin', { platformAccountId: '1&q=x' })
  const { connector, context } = upstream
  const failures = await Promise.all([
    failureOfCall(connector.readAccount(account, context)),
    failureOfCall(connector.listPublications(account, null, context)),
    failureOfCall(connector.readPublications(account, [text(share(0))], context)),
  ])
  expect(failures.map(({ kind }) => kind)).toEqual(['gone', 'gone', 'gone'])
  expect(upstream.calls()).toBe(0)
})
