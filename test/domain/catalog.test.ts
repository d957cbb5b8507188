import { describe, expect, test } from 'vitest'
import {
  CATALOG,
  canonicalAccountId,
  isScopeGranted,
  mayBeAbsent,
  metricFields,
  metricNamed,
  metricsOf,
  missingScopes,
  requestedMetrics,
  statisticsOf,
} from '../../src/domain/catalog/catalog.ts'
import { AUDIENCE_FIELDS, METRIC_FIELDS, type MetricSubject } from '../../src/domain/metric.ts'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
import { UNIQUE_FIELDS } from '../../src/domain/totals.ts'

const SUBJECTS: MetricSubject[] = ['account', 'post', 'video']
const GROUPS = PLATFORMS.flatMap((platform) => SUBJECTS.map((subject) => ({ platform, subject })))
const ALL = GROUPS.flatMap(({ platform, subject }) => metricsOf(platform, subject))
const TODAY = '2026-11-20'

const namesOf = (metrics: readonly { name: string }[]) => metrics.map((metric) => metric.name)

describe.each(GROUPS)('the metrics of $platform for a $subject', ({ platform, subject }) => {
  const metrics = metricsOf(platform, subject)

  test('exist, each once, under a snake-case name', () => {
    expect(metrics.length).toBeGreaterThan(0)
    expect(new Set(namesOf(metrics)).size).toBe(metrics.length)
    for (const { name } of metrics) expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  })

  test('know their platform and subject, and explain themselves in a sentence', () => {
    for (const metric of metrics) {
      expect(metric).toMatchObject({ platform, subject })
      expect(metric.description).toMatch(/^[A-Z].{10,}\.$/)
    }
  })

  test('share a GraphQL field only where they measure the same thing', () => {
    for (const { metrics: sources } of metricFields(platform, subject)) {
      const measures = sources.map(({ kind, unit, aggregation }) => [kind, unit, aggregation])
      expect(measures).toEqual(measures.map(() => measures[0]))
    }
  })
})

test('one name is one number: post and video metrics of a platform agree on what it is', () => {
  for (const video of ALL.filter((metric) => metric.subject === 'video')) {
    const post = metricNamed(video.platform, 'post', video.name)
    if (post === null) continue
    const { kind, unit, aggregation, wire, source } = video
    expect(post).toMatchObject({ kind, unit, aggregation, wire, source })
  }
})

test('accounts feed audience numbers, content feeds publication numbers', () => {
  for (const metric of ALL.filter(({ normalizedAs }) => normalizedAs !== null)) {
    const fields = metric.subject === 'account' ? AUDIENCE_FIELDS : METRIC_FIELDS
    expect(fields).toContain(metric.normalizedAs)
  }
})

test('only times feed the watch time, and only counts feed anything else', () => {
  for (const metric of ALL.filter(({ normalizedAs }) => normalizedAs !== null)) {
    const isTime = ['milliseconds', 'seconds', 'minutes'].includes(metric.unit)
    expect(isTime, metric.name).toBe(metric.normalizedAs === 'videoWatchTimeMs')
    expect(isTime || metric.unit === 'count', metric.name).toBe(true)
    expect(metric.aggregation).not.toBe('rate')
  }
})

test('a normalized number made of unique counts is one that totals never add up', () => {
  for (const metric of ALL.filter(({ subject }) => subject !== 'account')) {
    const field = METRIC_FIELDS.find((each) => each === metric.normalizedAs)
    if (field === undefined) continue
    expect(metric.aggregation === 'unique', metric.name).toBe(UNIQUE_FIELDS.includes(field))
  }
})

test('lags are ISO 8601 durations and retirements are days', () => {
  for (const { lag, retiredOn } of ALL) {
    expect(lag ?? 'P1D').toMatch(/^P(\d+D|T\d+H)$/)
    expect(retiredOn ?? TODAY).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  }
})

test('no platform without a count of plays of its own feeds views', () => {
  const feeding = ALL.filter((metric) => metric.normalizedAs === 'views')
  expect([...new Set(feeding.map(({ platform }) => platform))]).toEqual([
    'facebook',
    'instagram',
    'tiktok',
    'youtube',
  ])
})

test('a request names the living metrics of its source, and drops one on its last day', () => {
  const requested = (today: string) =>
    namesOf(requestedMetrics('facebook', 'account', 'page_insights', today))
  expect(requested(TODAY)).not.toContain('page_consumptions')
  expect(requested('2024-03-14')).not.toContain('page_consumptions')
  expect(requested('2024-03-13')).toContain('page_consumptions')
  expect(namesOf(requestedMetrics('instagram', 'post', 'insights', TODAY))).toEqual([
    'views',
    'reach',
    'likes',
    'comments',
    'shares',
    'saved',
    'total_interactions',
    'replies',
  ])
})

test('a scope counts as granted under its own name, an equivalent one, or when nobody said', () => {
  const scope = 'instagram_business_basic'
  expect(isScopeGranted('instagram', scope, [scope])).toBe(true)
  expect(isScopeGranted('instagram', scope, ['instagram_basic'])).toBe(true)
  expect(isScopeGranted('instagram', scope, null)).toBe(true)
  expect(isScopeGranted('instagram', scope, ['instagram_manage_insights'])).toBe(false)
})

test('what a platform may leave out with nothing being wrong is marked', () => {
  const optional = (platform: Platform, subject: MetricSubject) =>
    namesOf(metricsOf(platform, subject).filter((metric) => metric.optional))
  expect(optional('x', 'account')).toEqual([
    'like_count',
    'verified_followers_count',
    'media_count',
  ])
  expect(optional('x', 'post')).toEqual(['url_link_clicks'])
  expect(optional('instagram', 'account')).toEqual(['profile_views', 'website_clicks'])
  expect(optional('tiktok', 'post')).toEqual([])
})

test('what a platform leaves out of an answer is wrong, unless it leaves out the whole of it', () => {
  const likes = metricNamed('linkedin', 'account', 'share_statistics_like_count')
  if (likes === null) throw new Error('The catalogue does not know it.')
  expect(mayBeAbsent(likes, {})).toBe(true)
  expect(mayBeAbsent(likes, { follower_statistics_total_follower_count: 7 })).toBe(true)
  expect(mayBeAbsent(likes, { share_statistics_comment_count: 7 })).toBe(false)
})

test('missing scopes are those that would unlock metrics, each once, in catalogue order', () => {
  expect(missingScopes('tiktok', [])).toEqual(['user.info.stats', 'video.list'])
  expect(missingScopes('tiktok', ['video.list', 'user.info.basic'])).toEqual(['user.info.stats'])
  expect(missingScopes('x', ['users.read', 'tweet.read', 'offline.access'])).toEqual([])
  expect(missingScopes('instagram', ['instagram_basic'])).toEqual([
    'instagram_business_manage_insights',
  ])
  expect(missingScopes('youtube', null)).toEqual([])
})

test('a list of statistics with a prefix shows what begins with it and is no metric itself', () => {
  const native = {
    post_reactions_by_type_total: 3,
    post_reactions_by_type_like: 2,
    post_reactions_by_type_love: 1,
    post_clicks: 9,
  }
  expect(statisticsOf('facebook', 'post', native)).toEqual([
    { key: 'like', value: 2 },
    { key: 'love', value: 1 },
  ])
})

test('a list of statistics without a prefix shows every number, known to the catalogue or not', () => {
  const native = { share_statistics_like_count: 0, share_statistics_newer_count: 4 }
  expect(statisticsOf('linkedin', 'post', native)).toEqual([
    { key: 'share_statistics_like_count', value: 0 },
    { key: 'share_statistics_newer_count', value: 4 },
  ])
  expect(statisticsOf('tiktok', 'post', native)).toEqual([])
})

test('scopes that stand for another one are of scopes that a metric needs', () => {
  for (const platform of PLATFORMS) {
    const needed = Object.values(CATALOG[platform].metrics)
      .flat()
      .flatMap((metric) => metric.requiredScopes)
    for (const scope of Object.keys(CATALOG[platform].equivalentScopes)) {
      expect(needed).toContain(scope)
    }
  }
})

test('an account is kept by its number where its platform puts something before it', () => {
  expect(canonicalAccountId('linkedin', 'urn:li:organization:123456')).toBe('123456')
  for (const id of [
    '123456',
    'urn:li:person:a1',
    'urn:li:organization:',
    'urn:li:organization:1a',
  ]) {
    expect(canonicalAccountId('linkedin', id)).toBe(id)
  }
  expect(canonicalAccountId('tiktok', 'urn:li:organization:1')).toBe('urn:li:organization:1')
})
