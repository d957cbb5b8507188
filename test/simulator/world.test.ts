import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CATALOG, isRetired, metricNamed } from '../../src/domain/catalog/catalog.ts'
import { isVideoContent } from '../../src/domain/content.ts'
import type { SimulatedAccount } from '../../src/simulator/account.ts'
import { createWorld, type World } from '../../src/simulator/world.ts'
import { DAY_MS, NOW, planFor } from './platforms.ts'

const later = (ms: number) => new Date(NOW.getTime() + ms)

const everything = (world: World, now: Date) =>
  world.accounts.map((account) => ({
    numbers: world.accountNumbers(account, now),
    publications: world
      .publications(account, now)
      .map((one) => ({ ...one, account: null, numbers: world.publicationNumbers(one, now) })),
  }))

const accountOn = (world: World, platform: string): SimulatedAccount => {
  const found = world.accounts.find((account) => account.platform === platform)
  if (found === undefined) throw new Error(platform)
  return found
}

describe('the usual world', () => {
  const world = createWorld({ seed: 7 })

  test('has three brands, each on every platform, telling the same stories', () => {
    const platformCount = new Set(world.accounts.map(({ platform }) => platform)).size
    expect(world.accounts).toHaveLength(3 * platformCount)
    const told = new Map<string, Set<string>>()
    for (const account of world.accounts) {
      for (const { platform, story, text } of world.publications(account, NOW)) {
        const key = `${story} ${text}`
        told.set(key, (told.get(key) ?? new Set()).add(platform))
      }
    }
    expect(told.size).toBe(3 * 48)
    expect([...told.values()].every(({ size }) => size === platformCount)).toBe(true)
  })

  test('is mostly video, and has every kind of content', () => {
    const all = world.accounts.flatMap((account) => world.publications(account, NOW))
    const kinds = new Set(all.map((one) => `${one.platform} ${one.contentType}`))
    expect(all.filter((one) => isVideoContent(one.contentType)).length).toBeGreaterThan(60)
    expect([...kinds].sort()).toEqual([
      ...['facebook carousel', 'facebook image', 'facebook reel', 'facebook text'],
      'facebook video',
      ...['instagram carousel', 'instagram image', 'instagram reel'],
      ...['linkedin carousel', 'linkedin image', 'linkedin text', 'linkedin video'],
      ...['tiktok carousel', 'tiktok video'],
      ...['x carousel', 'x image', 'x text', 'x video'],
      ...['youtube short', 'youtube video'],
    ])
  })

  test('never ends: new stories come, and a day later the newest are others', () => {
    for (const account of world.accounts) {
      const [today, tomorrow] = [NOW, later(2 * DAY_MS)].map((now) =>
        world.publications(account, now),
      )
      expect(today).toHaveLength(48)
      expect(tomorrow).toHaveLength(48)
      const known = new Set(today?.map((one) => one.platformPostId))
      expect(tomorrow?.filter((one) => !known.has(one.platformPostId))).toHaveLength(3)
    }
  })

  test('has a publication of the last hours whose numbers move within seconds, as followers do', () => {
    const newest = world.accounts.map((account) => world.publications(account, NOW)[0])
    const youngest = newest.filter(
      (one) => one && NOW.getTime() - one.publishedAt.getTime() < DAY_MS / 3,
    )
    const moves = youngest.map((one) => {
      if (!one) return 0
      const [before, after] = [NOW, later(5000)].map((now) => world.publicationNumbers(one, now))
      return Object.entries(after ?? {}).filter(([name, value]) => value !== before?.[name]).length
    })
    expect(Math.max(...moves)).toBeGreaterThan(0)
    const x = accountOn(world, 'x')
    const followers = (now: Date) => world.accountNumbers(x, now)['followers_count'] ?? 0
    expect(followers(later(5000))).toBeGreaterThan(followers(NOW))
  })

  test('counts past 32 bits, and real zeros', () => {
    const tiktok = accountOn(world, 'tiktok')
    const views = world
      .publications(tiktok, NOW)
      .map((one) => world.publicationNumbers(one, NOW)['view_count'] ?? 0)
    expect(Math.max(...views)).toBeGreaterThan(3_412_345_678)
    const replies = world
      .publications(accountOn(world, 'x'), NOW)
      .map((one) => world.publicationNumbers(one, NOW)['reply_count'])
    expect(replies).toContain(0)
  })
})

test('the same seed shows the same world after a restart, another seed another one', () => {
  const worlds = [7, 7, 8].map((seed) => everything(createWorld({ seed }), NOW))
  expect(worlds[0]).toEqual(worlds[1])
  expect(worlds[0]).not.toEqual(worlds[2])
})

test('every metric that the catalogue knows to live has a number', () => {
  const world = createWorld({ seed: 7 })
  for (const account of world.accounts.slice(0, 3)) {
    const { metrics } = CATALOG[account.platform]
    const names = (subject: 'account' | 'post' | 'video') =>
      metrics[subject]
        .filter((metric) => !isRetired(metric, '2026-11-20') && metric.name !== 'replies')
        .map((metric) => metric.name)
    expect(Object.keys(world.accountNumbers(account, NOW))).toEqual(
      expect.arrayContaining(names('account').filter((name) => name !== 'replies')),
    )
    const videos = world
      .publications(account, NOW)
      .filter((one) => isVideoContent(one.contentType) && one.hasLink)
    const numbers = world.publicationNumbers(videos[0] ?? expect.fail('no video'), NOW)
    const expected = [...names('post'), ...names('video')]
    expect(Object.keys(numbers)).toEqual(expect.arrayContaining(expected))
  }
})

test('numbers never fall as time goes on, and are whole', () => {
  const world = createWorld({ seed: 7 })
  const all = world.accounts.flatMap((account) => world.publications(account, NOW))
  const spans = fc.tuple(fc.nat(all.length - 1), fc.nat(90 * DAY_MS), fc.nat(90 * DAY_MS))
  fc.assert(
    fc.property(spans, ([place, first, more]) => {
      const one = all[place]
      if (one === undefined) return
      const before = world.publicationNumbers(one, later(first))
      const after = world.publicationNumbers(one, later(first + more))
      for (const [name, value] of Object.entries(after)) {
        // A rate is neither whole nor bound to rise.
        if (metricNamed(one.platform, 'post', name)?.aggregation === 'rate') continue
        expect(Number.isSafeInteger(value)).toBe(true)
        expect(value).toBeGreaterThanOrEqual(before[name] ?? 0)
      }
    }),
  )
})

test('numbers of one publication fit together', () => {
  const world = createWorld({ seed: 7 })
  for (const account of world.accounts) {
    for (const one of world.publications(account, NOW)) {
      const n = world.publicationNumbers(one, NOW)
      const of = (...names: string[]) => names.reduce((sum, name) => sum + (n[name] ?? 0), 0)
      if (one.platform === 'x') {
        expect(of('impression_count')).toBeGreaterThanOrEqual(of('like_count'))
        const shown = of(
          'like_count',
          'retweet_count',
          'reply_count',
          'quote_count',
          'bookmark_count',
        )
        expect(of('engagements')).toBe(shown + of('url_link_clicks', 'user_profile_clicks'))
      } else if (one.platform === 'tiktok') {
        expect(of('view_count')).toBeGreaterThanOrEqual(of('like_count'))
        expect(of('like_count')).toBeLessThan(2 ** 31)
      } else if (one.platform === 'youtube') {
        expect(of('view_count')).toBeGreaterThanOrEqual(of('like_count'))
        const watched = of('view_count') * of('average_view_duration_seconds')
        expect(of('estimated_minutes_watched') * 60).toBeLessThanOrEqual(watched)
      } else if (one.platform === 'instagram') {
        expect(of('views')).toBeGreaterThanOrEqual(of('reach'))
        expect(of('total_interactions')).toBe(of('likes', 'comments', 'shares', 'saved'))
      }
    }
  }
})

test('a plan has exactly as many publications, of exactly the ages it says', () => {
  const world = createWorld({ seed: 7, accounts: [planFor('x', { publications: 250 })] })
  const account = accountOn(world, 'x')
  for (const now of [NOW, later(100 * DAY_MS)]) {
    const ages = world
      .publications(account, now)
      .map((one) => NOW.getTime() - one.publishedAt.getTime())
    expect(ages).toEqual(Array.from({ length: 250 }, (_, day) => 3_600_000 + day * DAY_MS))
  }
  expect(world.accountNumbers(account, NOW)).toMatchObject({ tweet_count: 250 })
})

test('a plan may say what single publications are and what they count', () => {
  const accounts = [
    planFor('x', {
      numbers: { followers_count: 3_412_345_678 },
      withheld: ['listed_count'],
      content: (index) =>
        index === 1 ? { kind: 'video', text: 'Second', numbers: { like_count: 0 } } : {},
    }),
  ]
  const world = createWorld({ seed: 7, accounts })
  const account = accountOn(world, 'x')
  const second = world.publications(account, NOW)[1] ?? expect.fail('no second')
  expect(second).toMatchObject({ contentType: 'video', text: 'Second' })
  expect(world.publicationNumbers(second, NOW)).toMatchObject({ like_count: 0 })
  expect(world.accountNumbers(account, NOW)).toMatchObject({ followers_count: 3_412_345_678 })
  expect(world.accountNumbers(account, NOW)).not.toHaveProperty('listed_count')
})
