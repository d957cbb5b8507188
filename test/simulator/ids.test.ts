import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { childIdOf, decodeMediaId } from '../../src/simulator/instagram/media-id.ts'
import { platformWorld } from '../../src/simulator/platform-worlds.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { DAY_MS, NOW, planFor } from './platforms.ts'

const DIGITS = { x: 19, tiktok: 19, instagram: 17, facebook: 18 } as const

test.each(['x', 'tiktok', 'instagram', 'facebook'] as const)(
  'ids of %s name their second and account, and only a lossless reader tells them apart',
  (platform) => {
    const world = platformWorld(platform)
    const seconds = fc.integer({ min: 1_640_000_000, max: 2_100_000_000 })
    fc.assert(
      fc.property(seconds, fc.nat(9999), fc.nat(0xffff_ffff), (second, account, salt) => {
        const publishedAt = new Date(second * 1000)
        const id = world.postIdOf(publishedAt, account, salt)
        expect(id).toHaveLength(DIGITS[platform])
        expect(world.decodePostId(id)).toMatchObject({ publishedAt, accountIndex: account })
        expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
      }),
    )
  },
)

test('ids are unique over accounts and slots, and looked up again after a restart', () => {
  const platforms: Platform[] = ['x', 'tiktok', 'instagram', 'facebook', 'linkedin', 'youtube']
  const accounts = platforms.flatMap((platform) =>
    Array.from({ length: 20 }, (_, place) =>
      planFor(platform, { platformAccountId: `${place}`, publications: 60, everyHours: 6 }),
    ),
  )
  const [world, again] = [1, 2].map(() => createWorld({ seed: 3, accounts }))
  const all = world?.accounts.flatMap((account) => world.publications(account, NOW)) ?? []
  expect(new Set(all.map((one) => `${one.platform} ${one.platformPostId}`)).size).toBe(
    platforms.length * 20 * 60,
  )
  for (const one of all) {
    const found = again?.publication(one.platform, one.platformPostId, NOW)
    expect(found?.slot).toBe(one.slot)
    expect(found?.account.platformAccountId).toBe(one.account.platformAccountId)
  }
})

test('an id is unknown before its publication, and known long after it left the listing', () => {
  const world = createWorld({ seed: 7 })
  const account = world.accounts[0] ?? expect.fail('no account')
  const [newest] = world.publications(account, NOW)
  const { platformPostId, publishedAt } = newest ?? expect.fail('no publication')
  const find = (at: number) => world.publication('x', platformPostId, new Date(at))
  expect(find(publishedAt.getTime() - 1000)).toBeNull()
  expect(find(publishedAt.getTime())?.platformPostId).toBe(platformPostId)
  expect(find(publishedAt.getTime() + 400 * DAY_MS)?.platformPostId).toBe(platformPostId)
  expect(world.publication('x', `${BigInt(platformPostId) + 1n}`, NOW)).toBeNull()
})

test('ids of X sort by time', () => {
  const world = createWorld({ seed: 7 })
  const account = world.accounts[0] ?? expect.fail('no account')
  const ids = world.publications(account, NOW).map((one) => BigInt(one.platformPostId))
  expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? 1 : -1)))
})

test('ids of YouTube are eleven characters that name their second and account', () => {
  const world = platformWorld('youtube')
  const seconds = fc.integer({ min: 1_640_000_000, max: 2_100_000_000 })
  fc.assert(
    fc.property(seconds, fc.nat(9999), fc.nat(0xffff_ffff), (second, accountIndex, salt) => {
      const publishedAt = new Date(second * 1000)
      const id = world.postIdOf(publishedAt, accountIndex, salt)
      expect(id).toMatch(/^[\w-]{11}$/)
      expect(world.decodePostId(id)).toEqual({ publishedAt, accountIndex })
    }),
  )
  expect(world.decodePostId('1730000000000000001')).toBeNull()
})

test('children of a carousel have ids of their own that lead back to it', () => {
  const id = platformWorld('instagram').postIdOf(NOW, 4, 99)
  const child = childIdOf(id, 2)
  expect(child).not.toBe(id)
  expect(decodeMediaId(child)).toEqual({ publishedAt: NOW, accountIndex: 4, child: 2 })
  expect(childIdOf(child, 0)).toBe(id)
})
