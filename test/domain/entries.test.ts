import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricsOf } from '../../src/domain/catalog/catalog.ts'
import { entriesOf, type Measured } from '../../src/domain/entries.ts'
import { PLATFORMS } from '../../src/domain/platform.ts'
import type { SyncState } from '../../src/domain/sync.ts'

const NOW = new Date('2026-11-20T12:00:00Z')

function state(known: Partial<SyncState> = {}): SyncState {
  return {
    syncStatus: 'synced',
    warnings: [],
    errorMessage: null,
    lastUpdatedAt: new Date('2026-11-20T09:00:00Z'),
    staleAfter: null,
    missing: {},
    native: {},
    ...known,
  }
}

const NEVER_READ: Partial<SyncState> = { lastUpdatedAt: null, syncStatus: 'pending' }

function reel(known: Partial<SyncState>, more: Partial<Measured> = {}): Measured {
  return {
    platform: 'instagram',
    subject: 'post',
    contentType: 'reel',
    scopes: null,
    state: state(known),
    ...more,
  }
}

function entry(measured: Measured, name: string, now = NOW) {
  return entriesOf(measured, now, [name])[0]
}

describe('what a metric without a number says, from the strongest reason to the weakest', () => {
  const page = { platform: 'facebook', subject: 'account', contentType: null } as const
  const story = { contentType: 'story' } as const
  const told = {
    missing: { saved: 'not_yet_available', page_consumptions: 'fetch_failed' },
  } as const
  const bare = { scopes: ['instagram_basic'] }
  const never = { ...NEVER_READ }
  const failed = { ...NEVER_READ, syncStatus: 'failed' } as const
  const lost = { ...NEVER_READ, syncStatus: 'requires_reconnect' } as const

  test.each([
    [
      'a number is reported, whatever else holds',
      reel({ native: { saved: 4 }, ...told }, story),
      'reported',
    ],
    ['a withdrawn metric is retired', { ...reel(told), ...page }, 'retired'],
    ['a reason that was kept is told', reel(told, story), 'not_yet_available'],
    ['other kinds of content have it', reel({}, { ...story, ...bare }), 'not_supported'],
    ['a scope is lacking', reel(never, bare), 'missing_scope'],
    ['it was never fetched', reel(never), 'not_yet_available'],
    ['the first fetch failed', reel(failed), 'fetch_failed'],
    ['the account must reconnect first', reel(lost), 'fetch_failed'],
    ['it did not come back', reel({}), 'not_reported'],
    ['an earlier fetch went well', reel({ syncStatus: 'failed' }), 'not_reported'],
  ])('%s', (_, measured, availability) => {
    const name = measured.platform === 'facebook' ? 'page_consumptions' : 'saved'
    const value = availability === 'reported' ? 4 : null
    expect(entry(measured, name)).toMatchObject({ value, availability })
  })
})

test('what was read without a reason is explained by its age, as of that reading', () => {
  const daysBefore = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
  const says = (more: Partial<Measured>, name: string, days: number) => {
    const read = state({ lastUpdatedAt: NOW })
    const measured = { ...reel({}), ...more, publishedAt: daysBefore(days), state: read }
    return entry(measured, name, new Date('2027-01-01'))?.availability
  }
  const post = { platform: 'x', contentType: 'text' } as const
  expect(says(post, 'engagements', 29)).toBe('not_reported')
  // It is no longer asked for a little before X stops showing it.
  expect(says(post, 'engagements', 29.6)).toBe('not_supported')
  expect(says(post, 'like_count', 31)).toBe('not_reported')
  const video = { platform: 'youtube', subject: 'video', contentType: 'video' } as const
  expect(says(video, 'shares', 2.9)).toBe('not_yet_available')
  expect(says(video, 'shares', 3.1)).toBe('not_reported')
})

test('a metric is retired from the day on which it was withdrawn', () => {
  const page: Measured = { ...reel({}), platform: 'facebook', subject: 'account' }
  const on = (day: string) => entry(page, 'page_consumptions', new Date(day))?.availability
  expect(on('2024-03-13T23:59:59Z')).toBe('not_reported')
  expect(on('2024-03-14T00:00:00Z')).toBe('retired')
})

test('a number that a withdrawn metric once had stays reported', () => {
  const page: Measured = {
    ...reel({ native: { page_consumptions: 0 } }),
    platform: 'facebook',
    subject: 'account',
  }
  expect(entry(page, 'page_consumptions')).toMatchObject({ value: 0, availability: 'reported' })
})

test('the list has every metric of the catalogue once, in its order', () => {
  for (const platform of PLATFORMS) {
    for (const subject of ['account', 'post', 'video'] as const) {
      const entries = entriesOf({ ...reel({}), platform, subject }, NOW)
      expect(entries.map((each) => each.definition)).toEqual(metricsOf(platform, subject))
    }
  }
})

test('names narrow the list, keep its order, and unknown ones are left out', () => {
  const names = ['shares', 'nonsense', 'views']
  const entries = entriesOf(reel({}), NOW, names)
  expect(entries.map((each) => each.definition.name)).toEqual(['views', 'shares'])
  expect(entriesOf(reel({}), NOW, [])).toEqual([])
})

test('bookmarks that the connected API never reports are not supported, unless imported', () => {
  const video: Measured = {
    ...reel({ native: { view_count: 9 } }),
    platform: 'tiktok',
    subject: 'video',
    contentType: 'video',
  }
  expect(entry(video, 'bookmark_count')?.availability).toBe('not_supported')
  const imported = { ...video, state: state({ native: { bookmark_count: 5 } }) }
  expect(entry(imported, 'bookmark_count')).toMatchObject({ value: 5, availability: 'reported' })
})

test('an entry has a value if and only if it is reported, and the value is the native one', () => {
  const natives = fc.dictionary(fc.constantFrom('views', 'reach', 'likes', 'saved'), fc.integer())
  fc.assert(
    fc.property(natives, (native) => {
      for (const { definition, value, availability } of entriesOf(reel({ native }), NOW)) {
        expect(value !== null).toBe(availability === 'reported')
        expect(value).toBe(native[definition.name] ?? null)
      }
    }),
  )
})
