import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import { CONTENT_TYPES, type ContentType, isVideoContent } from '../../src/domain/content.ts'
import {
  METRIC_FIELDS,
  type MetricDefinition,
  type MetricField,
  type Metrics,
  type NativeNumbers,
} from '../../src/domain/metric.ts'
import { normalize, toAudience, UNKNOWN_METRICS } from '../../src/domain/normalize.ts'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'

const MOST = Number.MAX_SAFE_INTEGER
const platforms = fc.constantFrom(...PLATFORMS)
const contentTypes = fc.constantFrom(...CONTENT_TYPES)

const nativeNames = (platform: Platform) =>
  [...metricsOf(platform, 'post'), ...metricsOf(platform, 'video')].map((metric) => metric.name)

const readings = fc.tuple(platforms, contentTypes).chain(([platform, contentType]) =>
  fc.record({
    platform: fc.constant(platform),
    contentType: fc.constant(contentType),
    native: fc.dictionary(fc.constantFrom(...nativeNames(platform)), fc.double()),
  }),
)

const known = (metrics: Partial<Metrics>): Metrics => ({ ...UNKNOWN_METRICS, ...metrics })

describe('any numbers that a platform may answer', () => {
  test('normalize to whole numbers or null, without an error', () => {
    fc.assert(
      fc.property(readings, ({ platform, contentType, native }) => {
        const metrics = normalize(platform, contentType, native)
        expect(Object.keys(metrics)).toEqual([...METRIC_FIELDS])
        const wrong = METRIC_FIELDS.filter((field) => !isCountOrNull(metrics[field]))
        expect(wrong).toEqual([])
      }),
    )
  })

  test('stay unknown where nothing that feeds them was reported', () => {
    fc.assert(
      fc.property(readings, ({ platform, contentType, native }) => {
        const metrics = normalize(platform, contentType, native)
        const fed = feedingFields(platform, contentType, native)
        const invented = METRIC_FIELDS.filter((field) => metrics[field] !== null && !fed.has(field))
        expect(invented).toEqual([])
      }),
    )
  })

  test('are unknown altogether where nothing was reported', () => {
    fc.assert(
      fc.property(platforms, contentTypes, (platform, contentType) => {
        expect(normalize(platform, contentType, {})).toEqual(UNKNOWN_METRICS)
      }),
    )
  })

  test('keep a real zero', () => {
    fc.assert(
      fc.property(readings, ({ platform, contentType, native }) => {
        const zeros = Object.fromEntries(Object.keys(native).map((name) => [name, 0]))
        const metrics = normalize(platform, contentType, zeros)
        const fed = feedingFields(platform, contentType, zeros)
        expect(METRIC_FIELDS.filter((field) => metrics[field] === 0)).toEqual(
          METRIC_FIELDS.filter((field) => fed.has(field)),
        )
      }),
    )
  })
})

test('counts are exact at 2^53 - 1, and unknown beyond', () => {
  expect(normalize('tiktok', 'video', { view_count: MOST }).views).toBe(MOST)
  expect(normalize('tiktok', 'video', { view_count: MOST + 1 }).views).toBeNull()
  expect(normalize('tiktok', 'video', { view_count: Number.NaN }).views).toBeNull()
  expect(normalize('youtube', 'video', { estimated_minutes_watched: MOST }).videoWatchTimeMs).toBe(
    null,
  )
})

test('an engagement that would pass 2^53 - 1 is unknown, its parts are not', () => {
  const metrics = normalize('x', 'text', { like_count: MOST, reply_count: 1 })
  expect(metrics).toEqual(known({ likes: MOST, comments: 1 }))
})

test('of several metrics that feed one number, the first that is reported counts', () => {
  const plays = { fb_reels_total_plays: 5630, blue_reels_play_count: 5120 }
  expect(normalize('facebook', 'reel', plays)).toMatchObject({ views: 5630, videoViews: 5120 })
  const { fb_reels_total_plays: _, ...without } = plays
  expect(normalize('facebook', 'reel', without)).toMatchObject({ views: 5120, videoViews: 5120 })
})

test('engagement is the sum of what is known where the platform reports no total', () => {
  expect(normalize('instagram', 'image', { likes: 84, comments: 6, shares: 12 }).engagement).toBe(
    102,
  )
  expect(normalize('youtube', 'video', { like_count: 84 }).engagement).toBe(84)
  expect(normalize('x', 'text', { impression_count: 50 }).engagement).toBeNull()
})

test('an engagement does not drop on the day on which a platform hides one of its parts', () => {
  const hidden = { like_count: 41, reply_count: 3 }
  const shown = { ...hidden, url_link_clicks: 12 }
  expect(normalize('x', 'text', shown)).toMatchObject({ clicks: 12, engagement: 44 })
  expect(normalize('x', 'text', hidden)).toMatchObject({ clicks: null, engagement: 44 })
  expect(normalize('x', 'text', { url_link_clicks: 12 }).engagement).toBeNull()
})

test('an audience is unknown where the account did not report it', () => {
  expect(toAudience('x', { followers_count: 0, tweet_count: 320 })).toEqual({
    followers: 0,
    following: null,
    posts: 320,
  })
  expect(toAudience('facebook', { followers_count: MOST + 1 })).toEqual({
    followers: null,
    following: null,
    posts: null,
  })
})

function isCountOrNull(value: number | null): boolean {
  return value === null || (Number.isSafeInteger(value) && !Object.is(value, -0))
}

// The numbers that a reading can tell something about; video metrics only tell of videos.
function feedingFields(
  platform: Platform,
  contentType: ContentType,
  native: NativeNumbers,
): Set<MetricField> {
  const video = isVideoContent(contentType) ? metricsOf(platform, 'video') : []
  const reported = [...metricsOf(platform, 'post'), ...video].filter(({ name }) => name in native)
  const fed = reported
    .map((metric) => METRIC_FIELDS.find((field) => field === metric.normalizedAs))
    .filter((field) => field !== undefined)
  return new Set(reported.some(isEngagementPart) ? [...fed, 'engagement'] : fed)
}

const PARTS = ['likes', 'comments', 'shares', 'saves', 'quotes', 'bookmarks', 'clicks']

function isEngagementPart({ normalizedAs, visibleDays }: MetricDefinition): boolean {
  return normalizedAs !== null && PARTS.includes(normalizedAs) && visibleDays === null
}
