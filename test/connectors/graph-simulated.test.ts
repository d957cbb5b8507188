import { expect, test } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { FACEBOOK_LOGIN, type GraphAccount, listAll, startGraphAccount } from './graph-accounts.ts'
import { NOW, refTo } from './support.ts'

const PLANS = [
  ['facebook', {}],
  ['instagram', { scopes: FACEBOOK_LOGIN }],
] as const

const FEW = { publications: 60 }
const MANY = { publications: 1000, everyHours: 8 }

async function lookUpAll({ connector, account, context, own, world }: GraphAccount) {
  const published = world.publications(own, NOW)
  const refs = published.map((one) => refTo(one.platformPostId, one))
  return connector.readPublications(account, refs, context)
}

test.each(PLANS)(
  'on %s a listing and a look-up tell the same numbers, which are the platform’s own',
  async (platform, plan) => {
    await using running = await startGraphAccount(platform, { ...plan, ...FEW })
    const { own, world } = running
    const items = await listAll(running)
    const readings = new Map(
      (await lookUpAll(running)).map((each) => [each.platformPostId, each] as const),
    )
    const published = world.publications(own, NOW)
    expect(items.map((item) => item.platformPostId).toSorted()).toEqual(
      published.map((one) => one.platformPostId).toSorted(),
    )
    for (const one of published) {
      const item = items.find((each) => each.platformPostId === one.platformPostId)
      expect(readings.get(one.platformPostId)).toMatchObject({
        reading: { native: item?.reading?.native, warnings: [] },
      })
      expect(item).toMatchObject({ content: { url: one.url, contentType: one.contentType } })
      expect(world.publicationNumbers(one, NOW)).toMatchObject(item?.reading?.native ?? {})
    }
  },
)

test.each(PLANS)('on %s the account’s numbers are the platform’s own', async (platform, plan) => {
  await using running = await startGraphAccount(platform, plan)
  const { connector, account, context, own, world } = running
  const { native, missing, warnings } = await connector.readAccount(account, context)
  expect(native).toEqual(world.accountNumbers(own, NOW))
  expect({ missing, warnings }).toEqual({ missing: {}, warnings: [] })
})

test.each<[Platform, object, { listing: number; lookUp: number }]>([
  ['facebook', {}, { listing: 51, lookUp: 26 }],
  ['instagram', { scopes: FACEBOOK_LOGIN }, { listing: 40, lookUp: 20 }],
])('1,000 publications on %s cost a call for 50', async (platform, plan, most) => {
  await using running = await startGraphAccount(platform, { ...plan, ...MANY })
  const { calls } = running.simulator
  expect(await listAll(running)).toHaveLength(1000)
  const listing = calls.count()
  calls.clear()
  expect(await lookUpAll(running)).toHaveLength(1000)
  expect({ listing, lookUp: calls.count() }).toEqual(most)
})

test.each<[Platform, object, RegExp]>([
  ['facebook', {}, /\/published_posts$/],
  ['instagram', { scopes: FACEBOOK_LOGIN }, /\/media$/],
])(
  'on %s an account whose pages are too much is listed nevertheless, with all of its numbers',
  async (platform, plan, path) => {
    await using running = await startGraphAccount(platform, { ...plan, ...FEW })
    const { own, world, simulator } = running
    const fault = { kind: 'refused', reason: 'reduce_data' } as const
    simulator.faults.add({ platform, path, times: 7, fault })
    const items = await listAll(running)
    expect(items.map((item) => item.platformPostId).toSorted()).toEqual(
      world
        .publications(own, NOW)
        .map((one) => one.platformPostId)
        .toSorted(),
    )
    expect(items.every(({ reading }) => reading?.warnings.length === 0)).toBe(true)
  },
)
