import { expect, test } from 'vitest'
import { METRIC_FIELDS, type Metrics } from '../../src/domain/metric.ts'
import { changeOf, type OverviewGroup, orderGroups, windowsOf } from '../../src/domain/overview.ts'
import { totalsOf } from '../../src/domain/totals.ts'

const unknown = Object.fromEntries(METRIC_FIELDS.map((field) => [field, null])) as Metrics
const at = (text: string) => new Date(text)

function group(given: Partial<OverviewGroup>): OverviewGroup {
  return {
    ...{ ...totalsOf([]), engagementRate: null, platform: null, accountId: null },
    ...{ contentType: null, bucket: null, weekday: null, hour: null },
    ...given,
  }
}

test('a change is a fraction, and unknown where a side is unknown or the base is zero', () => {
  const before = { ...unknown, likes: 4, comments: 4, shares: 0, views: 10 }
  const now = { ...unknown, likes: 6, comments: 1, shares: 5, clicks: 3, views: 0 }
  const known = { likes: 0.5, comments: -0.75, views: -1 }
  expect(changeOf(now, before)).toEqual({ ...unknown, ...known })
})

test('the window before ends a millisecond before the first begins, and is as long', () => {
  const june = { from: at('2026-06-01T00:00:00.000Z'), to: at('2026-06-30T23:59:59.999Z') }
  const windows = windowsOf({ ...june, platform: 'x', publishedFrom: june.from })
  expect(windows?.field).toBe('from')
  const starts = [0, 1, 2].map((window) => windows?.startOf(window).toISOString().slice(0, 10))
  expect(starts).toEqual(['2026-06-01', '2026-05-02', '2026-04-02'])
})

test('the window of publishing moves when only it has both ends', () => {
  const day = at('2026-06-01T00:00:00.000Z')
  const windows = windowsOf({ publishedFrom: day, publishedTo: day, from: day })
  expect(windows?.field).toBe('publishedFrom')
  expect(windows?.startOf(1)).toEqual(at('2026-05-31T23:59:59.999Z'))
})

test('nothing lies before a window that is open, turned round, or one of two', () => {
  const [one, two] = [at('2026-06-01T00:00Z'), at('2026-06-02T00:00Z')]
  const both = { from: one, to: two, publishedFrom: one, publishedTo: two }
  for (const filter of [{}, { from: one }, { publishedTo: two }, { from: two, to: one }, both]) {
    expect(windowsOf(filter)).toBeNull()
  }
})

test('a window before the first year begins with it', () => {
  const ever = { from: at('0001-01-01T00:00:00.000Z'), to: at('9999-12-31T23:59:59.999Z') }
  expect(windowsOf(ever)?.startOf(13)).toEqual(ever.from)
})

test('groups of times are in the order of time, the largest of the same time first', () => {
  const [early, late] = [at('2026-06-01T00:00Z'), at('2026-06-02T00:00Z')]
  const groups = [
    group({ bucket: late, accountId: 'a', publications: 9 }),
    group({ bucket: early, accountId: 'b', publications: 1 }),
    group({ bucket: early, accountId: 'c', publications: 2 }),
  ]
  const ordered = orderGroups(groups, ['account', 'day'])
  expect(ordered.map(({ accountId }) => accountId)).toEqual(['c', 'b', 'a'])
})

test('groups of two kinds of time are in the order in which they were asked for', () => {
  const groups = [1, 2].flatMap((weekday) => [9, 8].map((hour) => group({ weekday, hour })))
  const inOrder = (one: 'weekday' | 'hourOfDay', other: 'weekday' | 'hourOfDay') =>
    orderGroups(groups, [one, other]).map(({ weekday, hour }) => [weekday, hour].join('-'))
  expect(inOrder('weekday', 'hourOfDay')).toEqual(['1-8', '1-9', '2-8', '2-9'])
  expect(inOrder('hourOfDay', 'weekday')).toEqual(['1-8', '2-8', '1-9', '2-9'])
})

test('groups without a time are the largest first, ties by name', () => {
  const groups = [
    group({ contentType: 'video', publications: 3 }),
    group({ contentType: 'image', publications: 3 }),
    group({ contentType: 'text', publications: 5 }),
  ]
  const ordered = orderGroups(groups, ['contentType'])
  expect(ordered.map(({ contentType }) => contentType)).toEqual(['text', 'image', 'video'])
})
