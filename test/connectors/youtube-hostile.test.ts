import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import { ConnectorError } from '../../src/domain/connector.ts'
import { accountOn, openUpstream, type Reply, refTo } from './support.ts'
import { CHANNEL_ID, ytVideo } from './youtube-world.ts'

const ACCOUNT = accountOn('youtube', { platformAccountId: CHANNEL_ID })
const ID = 'vid00000001'

const anything = fc.jsonValue({ maxDepth: 3 })
const words = fc.constantFrom(
  ...['video', 'views', 'shares', 'estimatedMinutesWatched', 'averageViewDuration', '__proto__'],
)
const leaf = fc.oneof(anything, fc.constantFrom<unknown>(ID, '7', '-1', 'P1D', 1e300, -0, ''))

const parts = fc.dictionary(
  fc.constantFrom('snippet', 'contentDetails', 'status', 'statistics', 'player'),
  fc.oneof(
    anything,
    fc.dictionary(
      fc.constantFrom(
        ...['publishedAt', 'title', 'thumbnails', 'liveBroadcastContent', 'duration'],
        ...['viewCount', 'likeCount', 'commentCount', 'embedHeight', 'embedWidth', 'videoId'],
        ...['privacyStatus', 'videoPublishedAt', 'customUrl', 'hiddenSubscriberCount'],
        ...['subscriberCount', 'videoCount', 'relatedPlaylists'],
      ),
      leaf,
    ),
  ),
)

const tables = fc.record(
  {
    columnHeaders: fc.oneof(anything, fc.array(fc.record({ name: fc.oneof(words, leaf) }))),
    rows: fc.oneof(anything, fc.array(fc.array(leaf, { maxLength: 5 }), { maxLength: 3 })),
  },
  { requiredKeys: [] },
)

const errors = fc.record({
  code: leaf,
  message: leaf,
  status: leaf,
  errors: fc.oneof(anything, fc.array(fc.record({ reason: leaf }), { maxLength: 2 })),
  details: fc.oneof(anything, fc.array(fc.record({ reason: leaf, metadata: leaf }))),
})

const answers = fc.oneof(
  fc.tuple(parts, tables).map(([more, table]): Reply => {
    return {
      json: {
        items: [
          { ...more, id: ID },
          { ...more, id: CHANNEL_ID },
        ],
        ...table,
      },
    }
  }),
  fc
    .tuple(fc.constantFrom(400, 401, 403, 404, 429), errors)
    .map(([status, error]): Reply => ({ status, json: { error } })),
)

const NAMES = ['account', 'post', 'video'] as const
const KNOWN = NAMES.flatMap((subject) => metricsOf('youtube', subject)).map(({ name }) => name)

test.each(['readAccount', 'readPublications', 'listPublications'] as const)(
  '%s makes numbers of the catalogue, or a failure, of whatever comes in the right places',
  async (name) => {
    let reply: Reply = {}
    const { connector, context } = openUpstream('youtube', () => reply)
    const calls = {
      readAccount: () => connector.readAccount(ACCOUNT, context),
      readPublications: () => connector.readPublications(ACCOUNT, [refTo(ID)], context),
      listPublications: () => connector.listPublications(ACCOUNT, null, context),
    }
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        reply = answer
        const result = await calls[name]().catch((error: unknown) => error)
        if (result instanceof Error) expect(result).toBeInstanceOf(ConnectorError)
        const readings = [result].flat().map((each) => Object(each).reading ?? each)
        for (const { native = {} } of readings.map(Object)) {
          expect(KNOWN).toEqual(expect.arrayContaining(Object.keys(native)))
          expect(Object.values(native).every(Number.isFinite)).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  },
)

test('whatever the reports answer, the counts of the Data API stay', async () => {
  let reply: Reply = {}
  const { connector, context } = openUpstream('youtube', ({ url }) =>
    url.pathname === '/v2/reports' ? reply : { json: { items: [ytVideo(ID)] } },
  )
  const replies = fc.oneof(
    tables.map((json): Reply => ({ json })),
    fc
      .tuple(fc.constantFrom(400, 403, 404, 429), errors)
      .map(([status, error]): Reply => ({ status, json: { error } })),
    fc.string().map((text): Reply => ({ text })),
  )
  await fc.assert(
    fc.asyncProperty(replies, async (answer) => {
      reply = answer
      const [outcome] = await connector.readPublications(ACCOUNT, [refTo(ID)], context)
      expect(outcome).toMatchObject({
        reading: { native: { view_count: 1240, like_count: 84, comment_count: 6 } },
      })
    }),
    { numRuns: 200 },
  )
})
