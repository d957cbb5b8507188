import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addedUp, flattened, numbersIn } from '../../src/connectors/linkedin/flatten.ts'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import type { JsonValue } from '../../src/domain/json.ts'

const flat = (value: unknown) =>
  Object.fromEntries(flattened('page_statistics', value as JsonValue))

test('keys become snake case and are joined; the leaf of a page’s views is dropped', () => {
  expect(
    flat({
      views: { lifeAtPageViews: { pageViews: 1, uniquePageViews: 2 }, jobsV2PageViews: 3 },
      HTTPClicks: { A: 0.5 },
    }),
  ).toEqual({
    page_statistics_views_life_at_page_views: 1,
    page_statistics_views_life_at_page_views_unique: 2,
    page_statistics_views_jobs_v2_page_views: 3,
    page_statistics_http_clicks_a: 0.5,
  })
})

test('clicks on buttons are added up, unless one of them is unknown; facets stay out', () => {
  expect(
    flat({
      desktopCustomButtonClickCounts: [{ clicks: 4 }, { clicks: 3 }],
      mobileCustomButtonClickCounts: [{ clicks: 4 }, { clicks: null }],
      tabletCustomButtonClickCounts: [],
      viewsBySeniority: [{ clicks: 9 }],
      ...{ nothing: null, maybe: true },
    }),
  ).toEqual({
    page_statistics_desktop_custom_button_click_counts: 7,
    page_statistics_tablet_custom_button_click_counts: 0,
  })
})

test('days are added up, and one that cannot be counted spoils the sum rather than being left out', () => {
  const day = (gain: unknown, paid?: unknown) =>
    flattened('f', { organicFollowerGain: gain, paidFollowerGain: paid } as JsonValue)
  expect(Object.fromEntries(addedUp([day(6, 1), day(-9)]))).toEqual({
    f_organic_follower_gain: -3,
    f_paid_follower_gain: 1,
  })
  const spoilt = addedUp([day(6), day('many'), day(5)])
  expect(typeof spoilt.get('f_organic_follower_gain')).toBe('string')
  expect([...addedUp([])]).toEqual([])
})

const share = metricsOf('linkedin', 'post')
const numbersOf = (statistics: unknown) =>
  numbersIn('post', share, flattened('share_statistics', statistics as JsonValue))

test('a number that is too large, or no count, is unknown and has a warning', () => {
  const { native, missing, warnings } = numbersOf({
    ...{ impressionCount: '9007199254740993', likeCount: -1, clickCount: 1.5 },
    ...{ engagement: 0.0413, mysteryCount: '9007199254740993', mysteryRate: 0.5 },
  })
  expect(native).toEqual({
    share_statistics_engagement: 0.0413,
    share_statistics_mystery_rate: 0.5,
  })
  expect(missing).toMatchObject({ share_statistics_impression_count: 'not_reported' })
  expect(warnings.join(' ')).toContain('impression_count that is larger than 2^53 - 1')
  expect(warnings.join(' ')).toContain('click_count that is not a count')
})

test('a hostile answer fills nothing: neither by its depth nor by its keys', () => {
  let deep: unknown = { count: 1 }
  for (let depth = 0; depth < 50_000; depth += 1) deep = { a: deep }
  expect(flat(deep)).toEqual({})
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key${n}`, n]))
  expect(Object.keys(numbersOf(many).native)).toHaveLength(200)
  expect(flat(JSON.parse('{"__proto__": 1, "a b": 2, "": 3}'))).toEqual({})
})

test('whatever JSON comes, every number is finite and has a plain name', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      for (const [name, number] of Object.entries(numbersOf(value).native)) {
        expect(name).toMatch(/^share_statistics(_\w+)?$/)
        expect(Number.isFinite(number)).toBe(true)
      }
    }),
  )
})
