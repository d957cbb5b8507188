import { expect, test } from 'vitest'
import { type Gateway, startGateway, WORKSPACE } from '../../support/gateway.ts'

const HOUR_MS = 3_600_000

interface Row {
  account_id: string
  sync_status: string
  last_updated_at: string | null
  metrics: Record<string, number>
}

async function rows(gateway: Gateway, path: string): Promise<Row[]> {
  const response = await gateway.rest(path)
  expect(response.status).toBe(200)
  return ((await response.json()) as { items: Row[] }).items
}

/** A gateway with a refreshed account, one of whose publications belongs to a post. */
async function withAccount(environment: Record<string, string> = {}): Promise<Gateway> {
  const gateway = await startGateway({ environment })
  const account = gateway.simulator.world.accounts.find(({ platform }) => platform === 'x')
  if (!account) throw new Error('The world has no such account.')
  await gateway.connect(account, { localId: 'acc_1' })
  await gateway.settled()
  const [publication] = await gateway.db
    .selectFrom('publication')
    .select('platform_post_id')
    .orderBy('published_at', 'desc')
    .execute()
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const platformPostId = publication?.platform_post_id ?? ''
  const dates = { createdAt: null, publishedAt: null }
  await gateway.app.commands.recordPost(WORKSPACE, {
    ...{ localId: 'post_1', text: 'A' },
    publications: [{ ...unsaid, ...dates, accountId: 'acc_1', platformPostId }],
  })
  await gateway.settled()
  return gateway
}

const PATHS = ['/v1/analytics/accounts', '/v1/analytics/posts']
const PATIENT = { WEIR_REST_REFRESH_BUDGET_MS: '30000' }

test.each(PATHS)('%s serves fresh rows as they are, and asks again when told to', async (path) => {
  await using gateway = await withAccount(PATIENT)
  const [before] = await rows(gateway, path)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + HOUR_MS)
  const calls = gateway.simulator.calls.count()
  expect(await rows(gateway, path)).toEqual([before])
  expect(gateway.simulator.calls.count()).toBe(calls)
  const [after] = await rows(gateway, `${path}?refresh=true`)
  expect(after?.last_updated_at).toBe('2026-06-29T10:00:00Z')
  expect(after?.metrics).not.toEqual(before?.metrics)
  expect(gateway.simulator.calls.count()).toBe(calls + 1)
})

test.each(PATHS)('%s refreshes stale rows, at nobody’s cost', async (path) => {
  await using gateway = await withAccount(PATIENT)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 6 * HOUR_MS)
  const [row] = await rows(gateway, path)
  expect(row?.last_updated_at).toBe('2026-06-29T15:00:00Z')
  const usage = await gateway.db.selectFrom('refresh_usage').selectAll().execute()
  expect(usage).toEqual([])
})

test.each(PATHS)('%s serves what misses the budget as it is, and goes on', async (path) => {
  await using gateway = await withAccount({ WEIR_REST_REFRESH_BUDGET_MS: '0' })
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 6 * HOUR_MS)
  const [row] = await rows(gateway, path)
  expect(row?.last_updated_at).toBe('2026-06-29T09:00:00Z')
  await gateway.settled()
  const [next] = await rows(gateway, path)
  expect(next?.last_updated_at).toBe('2026-06-29T15:00:00Z')
})

test.each(PATHS)('%s answers 200 when the platform refuses, and says so', async (path) => {
  await using gateway = await withAccount(PATIENT)
  gateway.simulator.faults.add({ platform: 'x', fault: { kind: 'revoked_token' } })
  const [row] = await rows(gateway, `${path}?refresh=true`)
  expect(row?.sync_status).toBe('requires_reconnect')
  expect(Object.keys(row?.metrics ?? {})).not.toEqual([])
})
