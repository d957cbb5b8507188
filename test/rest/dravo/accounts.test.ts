import { expect, test } from 'vitest'
import { metricsOf } from '../../../src/domain/catalog/catalog.ts'
import type { Platform } from '../../../src/domain/platform.ts'
import { FIXED_KEYS } from '../../../src/rest/dravo/shapes.ts'
import { startGateway } from '../../support/gateway.ts'
import { ACCOUNTS, documented, fill } from './documented.ts'

const PATH = '/v1/analytics/accounts'

test('the answer is the one that the document prints', async () => {
  await using gateway = await startGateway()
  await fill(gateway, ACCOUNTS)
  const response = await gateway.rest(PATH)
  expect(response.status).toBe(200)
  expect(await response.text()).toBe(JSON.stringify(documented('accounts')))
})

interface List {
  items: { account_id: string; metrics: object }[]
  total: number
}

test.each<[Record<string, string>, string[]]>([
  [{}, ['acc_8f2c1d', 'acc_4b9e07']],
  [{ limit: '1' }, ['acc_8f2c1d']],
  [{ limit: '100' }, ['acc_8f2c1d', 'acc_4b9e07']],
  [{ platform: 'facebook' }, ['acc_4b9e07']],
  [{ platform: 'youtube' }, []],
  [{ accountId: 'acc_4b9e07' }, ['acc_4b9e07']],
  [{ accountId: 'acc_4b9e07', platform: 'facebook' }, ['acc_4b9e07']],
  [{ accountId: 'acc_4b9e07', platform: 'x' }, []],
  [{ accountId: 'acc_none' }, []],
  [{ accountId: '' }, []],
  [{ accountId: 'a\0b' }, []],
  [{ refresh: '0' }, ['acc_8f2c1d', 'acc_4b9e07']],
])('the query %j finds %j', async (query, ids) => {
  await using gateway = await startGateway()
  await fill(gateway, ACCOUNTS)
  const response = await gateway.rest(`${PATH}?${new URLSearchParams(query)}`)
  const { items, total } = (await response.json()) as List
  expect(items.map(({ account_id }) => account_id)).toEqual(ids)
  expect(total).toBe(ids.length)
})

test('an unknown number is left out, and a number outside a fixed set is not shown', async () => {
  await using gateway = await startGateway()
  const [, facebook] = ACCOUNTS
  const metrics = { checkins: 0, page_video_views: 1, page_fans: 5 }
  const snapshot = { ...ACCOUNTS[3], metrics }
  await fill(
    gateway,
    [facebook, snapshot].filter((record) => record !== undefined),
  )
  const { items } = (await (await gateway.rest(PATH)).json()) as List
  expect(items.map((item) => item.metrics)).toEqual([{ checkins: 0, page_video_views: 1 }])
})

test('every number that an open set has is shown, also one that no catalogue knows', async () => {
  await using gateway = await startGateway()
  const [x] = ACCOUNTS
  const metrics = { zeal: 1, like_count: 2, followers_count: 3 }
  await fill(
    gateway,
    [x, { ...ACCOUNTS[2], metrics }].filter((record) => record !== undefined),
  )
  const text = await (await gateway.rest(PATH)).text()
  expect(text).toContain('"metrics":{"followers_count":3,"like_count":2,"zeal":1}')
})

test('an account that was never read has its row', async () => {
  await using gateway = await startGateway()
  await fill(gateway, ACCOUNTS.slice(0, 1))
  const { items } = (await (await gateway.rest(PATH)).json()) as List
  expect(items).toMatchObject([
    {
      ...{ metrics: {}, sync_status: 'pending', warnings: [], error_message: null },
      ...{ last_updated_at: null, stale_after: null },
    },
  ])
})

test('the keys of fixed sets are in the catalogue', () => {
  for (const [subject, sets] of Object.entries(FIXED_KEYS)) {
    for (const [platform, keys] of Object.entries(sets)) {
      const known = metricsOf(platform as Platform, subject as 'account' | 'post')
      expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining([...keys]))
    }
  }
})

test('a hundred accounts cost as many statements as one', async () => {
  await using gateway = await startGateway()
  const [account] = ACCOUNTS
  const ids = Array.from({ length: 100 }, (_, index) => `${index}`)
  await fill(
    gateway,
    ids.map((id) => ({ ...account, id, platform_account_id: id })),
  )
  const counts: number[] = []
  for (const limit of ['1', '100']) {
    await gateway.rest(`${PATH}?limit=${limit}`)
    counts.push(gateway.statements.length)
  }
  expect(counts[1]).toBe(counts[0])
})
