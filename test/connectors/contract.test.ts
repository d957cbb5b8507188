import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createConnectors } from '../../src/connectors/connectors.ts'
import { ENDPOINTS, originOf, platformOrigins } from '../../src/connectors/endpoints.ts'
import { CATALOG, metricsOf } from '../../src/domain/catalog/catalog.ts'
import { ConnectorError, type Reading } from '../../src/domain/connector.ts'
import type { Platform } from '../../src/domain/platform.ts'
import { lifetime, PAGE, pageItems, REEL_VALUES, VIDEO_VALUES } from './facebook-world.ts'
import { IG_PROFILE, lifetimeItems, MEDIA_NUMBERS, mediaNode, REEL } from './instagram-world.ts'
import { PAGE_ANSWERS, postObject, statisticsOf, TOTALS } from './linkedin-world.ts'
import {
  accountOn,
  expectNoCredential,
  failureOfCall,
  openUpstream,
  type Reply,
  refTo,
  type Upstream,
} from './support.ts'
import { X_USER, xPost } from './x-world.ts'
import { CHANNEL, ytVideo } from './youtube-world.ts'

/** Everything that each platform may say at once, more than the catalogue knows among it. */
const GENEROUS: Partial<Record<Platform, object>> = {
  x: {
    data: { ...X_USER, id: '1', unheard_of: 5 },
    meta: {},
  },
  tiktok: {
    data: {
      user: {
        follower_count: 1,
        following_count: 2,
        likes_count: 3,
        video_count: 4,
        unheard_of: 5,
      },
      videos: [{ id: '1', view_count: 1, like_count: 2, favorites: 3, unheard_of: 5 }],
    },
    error: { code: 'ok' },
  },
  instagram: {
    ...IG_PROFILE,
    data: lifetimeItems(Object.keys(MEDIA_NUMBERS)),
  },
  facebook: { ...PAGE, unheard_of: 5, data: pageItems() },
  linkedin: {
    firstDegreeSize: 1,
    elements: Object.values(PAGE_ANSWERS).flatMap((answer) => Object(answer).elements ?? []),
  },
  youtube: {
    items: [{ ...CHANNEL, id: '1', statistics: { ...CHANNEL.statistics, unheardOf: '5' } }],
  },
}

/** Ids that posts may have, where they are no plain numbers. */
const POST_IDS: Partial<Record<Platform, [string, string]>> = {
  linkedin: ['urn:li:ugcPost:1', 'urn:li:ugcPost:2'],
}

/** The answers that hold publications rather than an account, where one path does not tell. */
const PUBLICATIONS: Partial<Record<Platform, object>> = {
  x: { data: [{ ...xPost('1', 1), unheard_of: 5 }] },
  instagram: {
    ...mediaNode('1', REEL),
    insights: { data: lifetimeItems(Object.keys(MEDIA_NUMBERS)) },
    data: [{ ...mediaNode('1', REEL) }],
  },
  facebook: [REEL_VALUES, VIDEO_VALUES].map((values) => ({
    code: 200,
    body: JSON.stringify({ data: lifetime({ ...values, unheard_of: 5 }) }),
  })),
  linkedin: {
    elements: [{ ...statisticsOf('urn:li:ugcPost:1', { ...TOTALS, unheardOf: 5 }), value: 412 }],
    results: { 'urn:li:ugcPost:2': postObject('urn:li:ugcPost:2', { author: undefined }) },
  },
  youtube: {
    items: [{ ...ytVideo('1'), snippet: {} }],
    columnHeaders: ['video', 'shares', 'unheardOf'].map((name) => ({ name })),
    rows: [['1', 4, 5]],
  },
}

const namesOf = (platform: Platform, subjects: ('account' | 'post' | 'video')[]) =>
  subjects.flatMap((subject) => metricsOf(platform, subject)).map((metric) => metric.name)

/** Names that no catalogue knows, of a platform whose keys are kept whatever they are. */
const isDerived = (platform: Platform, name: string) =>
  CATALOG[platform].statistics.post !== undefined &&
  /_statistics_.*(unheard_of|moon)|^post_reactions_by_type_(like|love)$/.test(name)

const calls = ({ connector, context }: Upstream) => {
  const account = accountOn(connector.platform)
  const [first, second] = POST_IDS[connector.platform] ?? ['1', '2']
  const refs = [refTo(first), refTo(second)]
  return {
    readAccount: () => connector.readAccount(account, context),
    readPublications: () => connector.readPublications(account, refs, context),
    listPublications: () => connector.listPublications(account, null, context),
    refreshToken: () => connector.refreshToken(account, context),
  }
}
const CALLS = ['readAccount', 'readPublications', 'listPublications', 'refreshToken'] as const

/** What a platform is called for; some have no tokens to exchange. */
const callsTo = (platform: Platform) =>
  CALLS.filter((name) => platform !== 'facebook' || name !== 'refreshToken')

const PLATFORMS_READ = ['x', 'tiktok', 'instagram', 'facebook', 'linkedin', 'youtube'] as const

describe.each<Platform>(PLATFORMS_READ)('%s', (platform) => {
  const start = (reply: (path: string) => Reply) =>
    openUpstream(platform, ({ url }) => reply(url.pathname))

  test('every number has a name of the catalogue', async () => {
    const { readAccount } = calls(start(() => ({ json: GENEROUS[platform] })))
    const json = PUBLICATIONS[platform] ?? GENEROUS[platform]
    const { readPublications } = calls(start(() => ({ json })))
    const keysOf = ({ native, missing }: Reading) =>
      [...Object.keys(native), ...Object.keys(missing)].filter((name) => !isDerived(platform, name))
    expect(namesOf(platform, ['account'])).toEqual(
      expect.arrayContaining(keysOf(await readAccount())),
    )
    const [outcome] = await readPublications()
    if (outcome === undefined || !('reading' in outcome)) throw new Error('There is no reading.')
    expect(Object.keys(outcome.reading.native).length).toBeGreaterThan(1)
    expect(namesOf(platform, ['post', 'video'])).toEqual(
      expect.arrayContaining(keysOf(outcome.reading)),
    )
  })

  test.each(callsTo(platform))(
    '%s keeps its deadline, and throws nothing but a failure',
    async (name) => {
      const http = { deadlineMs: 100 }
      const never = new Promise<Reply>(() => undefined)
      const upstream = openUpstream(platform, () => never, { http })
      const started = performance.now()
      const failure = await failureOfCall(calls(upstream)[name]())
      expect(performance.now() - started).toBeLessThan(300)
      expect(failure).toMatchObject({ kind: 'unavailable', status: null, retryAt: null })
    },
  )

  test.each(callsTo(platform))('%s reads an answer above the limit as malformed', async (name) => {
    const upstream = openUpstream(platform, () => ({ text: `"${'a'.repeat(3000)}"` }), {
      http: { bodyMaxBytes: 2000 },
    })
    expect((await failureOfCall(calls(upstream)[name]())).kind).toBe('malformed')
  })

  test.each(callsTo(platform))(
    '%s takes whatever JSON comes, and puts no credential into a URL',
    async (name) => {
      const answers = fc.record({
        status: fc.constantFrom(200, 200, 200, 400, 401, 403, 404, 429, 500),
        json: anyAnswer(),
        headers: fc.constantFrom<Record<string, string>>({}, { 'retry-after': '9'.repeat(30) }),
      })
      let reply: Reply = {}
      const upstream = start(() => reply)
      await fc.assert(
        fc.asyncProperty(answers, async (answer) => {
          reply = answer
          const result = await calls(upstream)
            [name]()
            .catch((error: unknown) => error)
          if (result instanceof Error) expect(result).toBeInstanceOf(ConnectorError)
          expectNoCredential([result, result instanceof ConnectorError ? result.failure : null])
        }),
        { numRuns: 150 },
      )
      if (name !== 'refreshToken') expectNoCredential(upstream.requests.map(({ url }) => url.href))
    },
  )
})

/** JSON that uses the platforms' own words, in the right places and in the wrong ones. */
function anyAnswer(): fc.Arbitrary<unknown> {
  const words = fc.constantFrom(
    ...['data', 'errors', 'error', 'meta', 'includes', 'media', 'users', 'user', 'videos', 'id'],
    ...['code', 'type', 'message', 'paging', 'cursors', 'after', 'next', 'next_token', 'values'],
    ...['elements', 'results', 'statuses', 'links', 'rel', 'views', 'totalShareStatistics'],
    ...['urn:li:ugcPost:1', 'urn:li:ugcPost:2', 'ugcPost', 'share', 'pageViews', 'content'],
    ...['value', 'total_value', 'name', 'insights', 'public_metrics', 'attachments', 'media_keys'],
    ...['items', 'snippet', 'statistics', 'contentDetails', 'columnHeaders', 'rows', 'reason'],
    ...['batch', 'body', 'permalink_url', 'end_time', 'post_reactions_by_type_total', 'length'],
    ...['create_time', 'created_at', 'timestamp', 'share_url', 'duration', 'access_token'],
    ...[
      'expires_in',
      'scope',
      'resource_id',
      'field',
      'section',
      'has_more',
      'cursor',
      '__proto__',
    ],
  )
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      '1',
      'urn:li:ugcPost:1',
      'ok',
      1,
      0,
      -1,
      100,
      190,
      1e300,
      null,
      true,
      '',
      'not-authorized-for-field',
    ),
    fc.jsonValue({ maxDepth: 1 }),
  )
  return fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 5, withCrossShrink: true }, leaf, tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(words, tie('value'), { maxKeys: 6 }),
  })).value
}

test('connectors need the base URL of each of their platforms, and fall back to none', () => {
  const origins = { ...platformOrigins(), WEIR_X_API_URL: 'http://127.0.0.1:4999/x/' }
  expect(originOf(origins, 'WEIR_X_API_URL')).toBe('http://127.0.0.1:4999/x')
  expect(() => createConnectors({ origins: {}, clients: {} })).toThrow(/^WEIR_\w+ has no base URL/)
})

test('every endpoint has one variable and a URL with nothing after its host', () => {
  const variables = ENDPOINTS.map(({ variable }) => variable)
  expect(new Set(variables).size).toBe(variables.length)
  for (const { url } of ENDPOINTS) expect(new URL(url).origin).toBe(url)
})
