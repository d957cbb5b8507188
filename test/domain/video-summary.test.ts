import { expect, test } from 'vitest'
import {
  averageViewsOf,
  engagementRateOf,
  type VideoSummary,
  weeklyUploadsOf,
} from '../../src/domain/video-summary.ts'

const DAY_MS = 24 * 3_600_000
const FIRST = new Date('2026-01-01T12:00:00Z')
const after = (days: number) => new Date(FIRST.getTime() + days * DAY_MS)

const NOTHING = { views: null, likes: null, comments: null, shares: null, bookmarks: null }

function summary(given: Partial<VideoSummary>): VideoSummary {
  return {
    ...{ videos: 1, ...NOTHING, saves: null, viewed: 0, dated: 0 },
    ...{ firstUploadAt: null, lastUploadAt: null, lastUpdatedAt: null, ...given },
  }
}

test.each([
  [{ views: 40, likes: 1, comments: 2, shares: 3, bookmarks: 4 }, 25],
  [{ views: 40, likes: 1 }, 2.5],
  [{ views: 3, bookmarks: 0 }, 0],
  [{ views: 0, likes: 1 }, null],
  [{ likes: 1 }, null],
  [{ views: 40 }, null],
])('the engagement rate of %o is %s percent', (known, rate) => {
  expect(engagementRateOf({ ...NOTHING, ...known })).toBe(rate)
})

test.each([
  [{ views: 10, viewed: 4 }, 2.5],
  [{ views: 0, viewed: 4 }, 0],
  [{ views: null, viewed: 4 }, null],
  [{ views: null, viewed: 0 }, null],
])('views per video of %o are %s', (known, average) => {
  expect(averageViewsOf(summary(known))).toBe(average)
})

test.each([
  [15, 42, 2.5],
  [3, 7, 3],
  [3, 2, 3],
  [1, 0, 1],
])('%i uploads within %i days are %f a week', (dated, days, weekly) => {
  const known = { dated, firstUploadAt: FIRST, lastUploadAt: after(days) }
  expect(weeklyUploadsOf(summary(known))).toBe(weekly)
})

test('uploads without a known date make no average', () => {
  expect(weeklyUploadsOf(summary({ videos: 9 }))).toBeNull()
})
