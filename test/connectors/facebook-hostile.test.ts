import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConnectorError, type Reading } from '../../src/domain/connector.ts'
import {
  batching,
  PAGE,
  PAGE_ID,
  PAGE_METRICS,
  POST_VALUES,
  postNode,
  REEL_VALUES,
  reelNode,
} from './facebook-world.ts'
import { accountOn, expectNoCredential, openUpstream, type Reply, refTo } from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })

const names = fc.constantFrom(
  ...[...PAGE_METRICS, ...Object.keys(POST_VALUES), ...Object.keys(REEL_VALUES)],
  ...['__proto__', 'constructor', 'total_video_views'],
)

const kinds = fc.constantFrom(
  ...['like', 'REACTION_LIKE', 'total', 'comment', 'SHARE', '__proto__', 'Love', 'ÄRGER', ''],
)

const count = fc.oneof(
  fc.nat(),
  fc.constantFrom<unknown>(-1, 1.5, 1e300, '5', '9007199254740993', null, true, [], -0),
)

const value = fc.oneof(count, fc.dictionary(kinds, count), fc.jsonValue({ maxDepth: 2 }))

const span = fc.oneof(
  fc.record({
    value,
    end_time: fc.constantFrom<unknown>(
      '2026-11-20T08:00:00+0000',
      '2026-11-19T08:00:00+0000',
      'soon',
      5,
    ),
  }),
  fc.jsonValue({ maxDepth: 1 }),
)

const items = fc.array(
  fc.record({
    name: names,
    values: fc.oneof(fc.array(span, { maxLength: 3 }), fc.constant('none')),
  }),
  { maxLength: 6 },
)

/** Whether everything in a reading can be stored: exact counts, and nothing both there and missing. */
function expectSound({ native, missing, warnings }: Reading): void {
  for (const [name, number] of Object.entries(native)) {
    expect(Number.isSafeInteger(number) && number >= 0, name).toBe(true)
    expect(missing).not.toHaveProperty([name])
  }
  expect(warnings.every((text) => typeof text === 'string')).toBe(true)
}

const answersWith = (data: unknown) =>
  batching((url): Reply => {
    const [, , id = '', edge] = url.pathname.split('/')
    if (edge === undefined) return { json: id === PAGE_ID ? PAGE : postNode(id) }
    if (edge === 'published_posts')
      return { json: { data: [{ ...postNode('1_2'), insights: { data } }] } }
    if (edge === 'video_reels') return { json: { data: [reelNode('3')] } }
    return { json: { data: edge === 'videos' ? [] : data } }
  })

test('whatever values insights hold, numbers are exact counts or unknown, and say why', async () => {
  let data: unknown = []
  const { connector, context } = openUpstream('facebook', (request) => answersWith(data)(request))
  const refs = [
    refTo('1_2'),
    refTo('1_3', { contentType: 'image' }),
    refTo('4', { contentType: 'reel' }),
  ]
  await fc.assert(
    fc.asyncProperty(items, async (some) => {
      data = some
      expectSound(await connector.readAccount(ACCOUNT, context))
      const outcomes = await connector.readPublications(ACCOUNT, refs, context)
      for (const outcome of outcomes) if ('reading' in outcome) expectSound(outcome.reading)
      expect(outcomes).toHaveLength(3)
      const listing = await connector.listPublications(ACCOUNT, null, context)
      for (const { reading } of listing.items) if (reading !== null) expectSound(reading)
      expectNoCredential([outcomes, listing])
    }),
    { numRuns: 150 },
  )
})

test('whatever a cursor says, it ends or is refused, and asks no other Page', async () => {
  const { connector, context, requests } = openUpstream('facebook', answersWith([]))
  const cursor = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .dictionary(fc.constantFrom('posts', 'reels', 'videos'), fc.jsonValue())
      .map((each) => JSON.stringify(each)),
  )
  await fc.assert(
    fc.asyncProperty(cursor, async (some) => {
      const result = await connector
        .listPublications(ACCOUNT, some, context)
        .catch((error: unknown) => error)
      if (result instanceof Error) expect(result).toBeInstanceOf(ConnectorError)
    }),
  )
  const isOwn = (path: string) => path === '/v25.0/' || /^\/v25\.0\/(1122334455|3)\//.test(path)
  expect(requests.every(({ url }) => isOwn(url.pathname))).toBe(true)
})
