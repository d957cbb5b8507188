import { expect, test } from 'vitest'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { fill, pathOf } from './published.ts'

const PATIENT = { WEIR_REST_REFRESH_BUDGET_MS: '30000' }
const HASTY = { WEIR_REST_REFRESH_BUDGET_MS: '0' }
const HOUR_MS = 3_600_000

interface Analytics {
  status: string
  platforms: { metrics: { likes: number | null }; raw_metrics: { data?: { id: string } } }[]
  metadata: { last_updated_at: string | null }
}

async function read(gateway: Gateway): Promise<Analytics> {
  const response = await gateway.rest(pathOf('post_1'))
  expect(response.status).toBe(200)
  return ((await response.json()) as { analytics: Analytics }).analytics
}

/** A gateway with a connected account, and a post of one publication that was never read. */
async function withUnread(environment: Record<string, string>): Promise<Gateway> {
  const gateway = await startGateway({ environment })
  const account = gateway.simulator.world.accounts.find(({ platform }) => platform === 'x')
  if (!account) throw new Error('The world has no such account.')
  await gateway.connect(account, { localId: 'acc_1' })
  await gateway.settled()
  await fill(gateway, [{ type: 'post', id: 'post_1' }])
  const { id } = await gateway.db
    .selectFrom('publication')
    .select('id')
    .orderBy('published_at', 'desc')
    .executeTakeFirstOrThrow()
  const never = { last_updated_at: null, stale_after: null, sync_status: 'pending' } as const
  await gateway.db
    .updateTable('publication')
    .set({ post_id: 'post_1', ...never, native: '{}', payload: null, likes: null })
    .where('id', '=', id)
    .execute()
  return gateway
}

test('what was never read is read at once, at nobody’s cost', async () => {
  await using gateway = await withUnread(PATIENT)
  const calls = gateway.simulator.calls.count()
  const { status, platforms, metadata } = await read(gateway)
  expect([status, metadata.last_updated_at]).toEqual(['success', '2026-06-29T09:00:00Z'])
  expect(platforms[0]?.metrics.likes).toBeGreaterThanOrEqual(0)
  expect(platforms[0]?.raw_metrics.data?.id).toMatch(/^\d+$/)
  expect(gateway.simulator.calls.count()).toBe(calls + 1)
  expect(await gateway.db.selectFrom('refresh_usage').selectAll().execute()).toEqual([])
})

test('what was read before is served as it is, however old', async () => {
  await using gateway = await withUnread(PATIENT)
  const before = await read(gateway)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 48 * HOUR_MS)
  const calls = gateway.simulator.calls.count()
  expect(await read(gateway)).toEqual(before)
  expect(gateway.simulator.calls.count()).toBe(calls)
})

test('what misses the budget is served as it is, and goes on', async () => {
  await using gateway = await withUnread(HASTY)
  expect((await read(gateway)).status).toBe('pending')
  await gateway.settled()
  expect((await read(gateway)).status).toBe('success')
})

test('a platform that refuses changes the state and not the status', async () => {
  await using gateway = await withUnread(PATIENT)
  gateway.simulator.faults.add({ platform: 'x', fault: { kind: 'revoked_token' } })
  expect(await read(gateway)).toMatchObject({
    status: 'error',
    platforms: [{ metrics: { likes: null }, raw_metrics: {} }],
  })
})
