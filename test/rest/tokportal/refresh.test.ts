import { describe, expect, test } from 'vitest'
import { takeUnits } from '../../../src/store/usage.ts'
import { type Gateway, startGateway, WORKSPACE } from '../../support/gateway.ts'
import {
  ACCOUNT,
  accountPath,
  ask,
  documented,
  SCRAPED_AT,
  STALE_RECORDS,
  startFilled,
} from './documented.ts'

const HOUR_MS = 3_600_000
const CAN_REFRESH = accountPath('/can-refresh')

const refresh = (gateway: Gateway, headers: Record<string, string> = {}) =>
  ask(gateway, accountPath('/refresh'), { method: 'POST', headers })

/** A gateway whose account may be refreshed, after so many refreshes of other accounts. */
async function startStale(used: number): Promise<Gateway> {
  const gateway = await startFilled(STALE_RECORDS)
  if (used > 0) {
    await takeUnits(gateway.db, WORKSPACE, { month: '2026-02-01', units: used, limit: used })
  }
  return gateway
}

async function finish({ db }: Gateway): Promise<void> {
  await db.updateTable('refresh').set({ status: 'succeeded', finished_at: SCRAPED_AT }).execute()
}

function later(gateway: Gateway, hours: number): void {
  gateway.clock.now = new Date(SCRAPED_AT.getTime() + hours * HOUR_MS)
}

test('refreshing and its availability are as the document prints them', async () => {
  await using gateway = await startStale(123)
  expect((await ask(gateway, CAN_REFRESH)).body).toEqual(documented('can-refresh'))
  const { status, body, headers } = await refresh(gateway)
  expect([status, body]).toEqual([200, documented('refresh')])
  expect(headers.has('idempotent-replayed')).toBe(false)
  await finish(gateway)
  later(gateway, 36)
  expect((await ask(gateway, CAN_REFRESH)).body).toEqual(documented('can-refresh-cooldown'))
  const cooling = await refresh(gateway)
  expect([cooling.status, cooling.body]).toEqual([429, documented('cooldown')])
  later(gateway, 48)
  expect((await ask(gateway, CAN_REFRESH)).body).toMatchObject({ data: { can_refresh: true } })
  expect(await refresh(gateway)).toMatchObject({ status: 200 })
})

test('a month that is used up is refused as the document prints it', async () => {
  await using gateway = await startStale(500)
  const { status, body } = await refresh(gateway)
  expect([status, body]).toEqual([429, documented('quota-exceeded')])
  const availability = await ask(gateway, CAN_REFRESH)
  expect([availability.status, availability.body]).toEqual([
    200,
    {
      data: {
        ...{ account_id: ACCOUNT, can_refresh: false, next_refresh_at: '2026-03-01T00:00:00Z' },
        ...{ hours_remaining: 447, monthly_quota: { limit: 500, used: 500 } },
      },
    },
  ])
})

test('whoever comes at the second that was named comes in time', async () => {
  await using gateway = await startStale(0)
  gateway.clock.now = new Date(SCRAPED_AT.getTime() + 250)
  await refresh(gateway)
  await finish(gateway)
  later(gateway, 1)
  const { body } = await refresh(gateway)
  const { details } = (body as { error: { details: Record<string, unknown> } }).error
  expect(details).toEqual({ next_refresh_at: '2026-02-12T09:15:01Z', hours_remaining: 48 })
  gateway.clock.now = new Date(String(details['next_refresh_at']))
  expect(await refresh(gateway)).toMatchObject({ status: 200 })
})

test('an active refresh is answered again, at no cost', async () => {
  await using stale = await startStale(0)
  for (let count = 0; count < 3; count += 1) {
    expect((await refresh(stale)).body).toEqual(documented('refresh'))
  }
  expect((await ask(stale, CAN_REFRESH)).body).toMatchObject({
    data: { monthly_quota: { used: 1 } },
  })
})

test('fresh numbers are not asked for, at no cost', async () => {
  await using fresh = await startFilled()
  const { status, body } = await refresh(fresh)
  const note = expect.stringContaining('fresh')
  expect([status, body]).toEqual([
    200,
    { data: { account_id: ACCOUNT, status: 'refreshed', note } },
  ])
  expect((await ask(fresh, CAN_REFRESH)).body).toMatchObject({
    data: { monthly_quota: { used: 0 } },
  })
})

describe('a repeat with the same key', () => {
  const key = { 'idempotency-key': 'k-1' }

  test('gets the same answer for a day, and is told so', async () => {
    await using gateway = await startStale(0)
    const first = await refresh(gateway, key)
    await finish(gateway)
    later(gateway, 23)
    const again = await refresh(gateway, key)
    expect([again.status, again.body]).toEqual([first.status, first.body])
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([
      null,
      'true',
    ])
    expect((await refresh(gateway, { 'idempotency-key': 'k-2' })).status).toBe(429)
    later(gateway, 25)
    expect((await refresh(gateway, key)).status).toBe(429)
  })

  test.each(['', 'a'.repeat(256)])('is refused when the key is none: "%s"', async (bad) => {
    await using gateway = await startStale(0)
    const { status, body } = await refresh(gateway, { 'idempotency-key': bad })
    const field = 'Idempotency-Key'
    const message = `${field} must have 1 to 255 characters.`
    expect([status, body]).toEqual([
      400,
      { error: { code: 'VALIDATION_ERROR', message, details: { field } } },
    ])
  })

  test('may have 255 characters', async () => {
    await using gateway = await startStale(0)
    const long = { 'idempotency-key': 'é'.repeat(255) }
    expect((await refresh(gateway, long)).status).toBe(200)
    expect((await refresh(gateway, long)).headers.get('idempotent-replayed')).toBe('true')
  })
})

test('an account that is disconnected cannot be refreshed', async () => {
  await using gateway = await startStale(7)
  await gateway.app.commands.disconnectAccount(WORKSPACE, ACCOUNT)
  const { status, body } = await refresh(gateway)
  expect([status, body]).toEqual([
    409,
    {
      error: {
        code: 'ACCOUNT_INVALID_STATUS',
        message: 'The account must be connected again before it can be refreshed.',
        details: { status: 'disconnected' },
      },
    },
  ])
  const availability = await ask(gateway, CAN_REFRESH)
  expect([availability.status, availability.body]).toEqual([
    200,
    {
      data: {
        ...{ account_id: ACCOUNT, can_refresh: false, next_refresh_at: null, hours_remaining: 0 },
        monthly_quota: { limit: 500, used: 7 },
      },
    },
  ])
})

describe('the body of a refresh', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const send = async (gateway: Gateway, body: string | null, headers: object = JSON_TYPE) => {
    const response = await fetch(`${gateway.app.url}${accountPath('/refresh')}`, {
      ...{ method: 'POST', body, headers: { 'x-api-key': gateway.key, ...headers } },
    })
    return [response.status, await response.json()]
  }

  test('may be empty or an object, whatever is in it, and nothing else', async () => {
    await using gateway = await startFilled(STALE_RECORDS, { isServing: true })
    const answer = [200, documented('refresh')]
    expect(await send(gateway, null, {})).toEqual(answer)
    for (const body of ['', '{}', '{"force":true,"postLimit":[1]}']) {
      expect(await send(gateway, body)).toEqual(answer)
    }
    const details = { field: 'body' }
    for (const body of ['[]', '3', 'null', '"a"']) {
      const message = 'body must be a JSON object.'
      const error = { code: 'VALIDATION_ERROR', message, details }
      expect(await send(gateway, body)).toEqual([400, { error }])
    }
    const broken = { code: 'VALIDATION_ERROR', message: 'The body is not JSON.', details }
    expect(await send(gateway, '{"a":')).toEqual([400, { error: broken }])
    expect(await send(gateway, 'a', { 'content-type': 'text/plain' })).toMatchObject([
      ...[415, { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } }],
    ])
    expect(await send(gateway, JSON.stringify({ a: 'a'.repeat(70_000) }))).toMatchObject([
      ...[413, { error: { code: 'PAYLOAD_TOO_LARGE' } }],
    ])
  })
})

test('a refresh brings new numbers of the account and of its videos', async () => {
  await using gateway = await startGateway()
  const account = gateway.simulator.world.accounts.find(({ platform }) => platform === 'tiktok')
  if (!account) throw new Error('The world has no such account.')
  await gateway.connect(account, { localId: 'mine' })
  await gateway.settled()
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 7 * HOUR_MS)
  const answer = await ask(gateway, accountPath('/refresh', 'mine'), { method: 'POST' })
  expect(answer.body).toMatchObject({ data: { account_id: 'mine', status: 'scrape_queued' } })
  await gateway.settled()
  const scraped_at = gateway.clock.now.toISOString().replace('.000', '')
  const totals = await ask(gateway, accountPath('', 'mine'))
  expect(totals.body).toMatchObject({ data: { scraped_at, unavailable: ['total_bookmarks'] } })
  const list = await ask(gateway, accountPath('/videos', 'mine'))
  const { data } = list.body as { data: { scraped_at: string }[] }
  expect(new Set(data.map((each) => each.scraped_at))).toEqual(new Set([scraped_at]))
})
