import { expect, test } from 'vitest'
import { accountsByIds } from '../../src/store/accounts.ts'
import type { Db } from '../../src/store/connect.ts'
import { disconnect } from '../../src/store/connections.ts'
import { publicationsByIds } from '../../src/store/publications.ts'
import { openTestStore } from '../support/database.ts'
import { importInto } from '../support/importing.ts'

const OF = { workspace_id: 'w' }
const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }
const ACCOUNT = {
  ...{ type: 'account', ...OF, id: 'a', platform: 'x', platform_account_id: '1' },
  ...{ access_token: 'token', connected_at: '2026-01-02T00:00:00.000Z' },
}

function publication(id: string, more: object = {}): object {
  const created = { created_at: '2026-01-03T00:00:00.000Z', ...more }
  return { type: 'publication', ...OF, id, account_id: 'a', platform_post_id: id, ...created }
}

function snapshot(of: object, capturedAt: string, more: object = {}): object {
  return { type: 'snapshot', ...OF, ...of, captured_at: capturedAt, metrics: {}, ...more }
}

async function dues(db: Db): Promise<Record<string, string | undefined>> {
  const accounts = await accountsByIds(db, 'w', ['a'])
  const publications = await publicationsByIds(db, 'w', ['day', 'week', 'never', 'back'])
  return Object.fromEntries(
    [...accounts, ...publications].map(({ id, dueAt }) => [id, dueAt?.toISOString()]),
  )
}

test('what was never read is due since it was made', async () => {
  await using store = await openTestStore()
  await importInto(store.db, [WORKSPACE, ACCOUNT, publication('never')])
  expect(await dues(store.db)).toEqual({
    a: '2026-01-02T00:00:00.000Z',
    never: '2026-01-03T00:00:00.000Z',
  })
})

test('after its newest snapshot, an account is due when stale, and content by its age', async () => {
  await using store = await openTestStore()
  const capturedAt = '2026-01-09T12:00:00.000Z'
  const published_at = '2026-01-09T00:00:00.000Z'
  await importInto(store.db, [
    ...[WORKSPACE, ACCOUNT, publication('day', { published_at }), publication('week')],
    snapshot({ account_id: 'a' }, capturedAt, { stale_after: '2026-01-10T00:00:00.000Z' }),
    snapshot({ publication_id: 'day' }, capturedAt),
    snapshot({ publication_id: 'week' }, capturedAt),
    snapshot({ publication_id: 'week' }, '2026-01-04T00:00:00.000Z'),
  ])
  expect(await dues(store.db)).toEqual({
    a: '2026-01-10T00:00:00.000Z',
    day: '2026-01-09T13:00:00.000Z',
    week: '2026-01-09T18:00:00.000Z',
  })
})

test('content that was given up is due again after a newer snapshot, and not for an older one', async () => {
  await using store = await openTestStore()
  const read = (at: string) => importInto(store.db, [snapshot({ publication_id: 'back' }, at)])
  await importInto(store.db, [WORKSPACE, ACCOUNT, publication('back')])
  await read('2026-01-05T00:00:00.000Z')
  await store.db.updateTable('publication').set({ due_at: null, times_gone: 3 }).execute()
  await read('2026-01-04T00:00:00.000Z')
  expect((await dues(store.db))['back']).toBeUndefined()
  await read('2026-01-06T00:00:00.000Z')
  expect(await publicationsByIds(store.db, 'w', ['back'])).toMatchObject([
    { dueAt: new Date('2026-01-06T06:00:00Z'), timesGone: 0 },
  ])
})

test('replaced rows are due as before, and an account that is connected by it at once', async () => {
  await using store = await openTestStore()
  const replace = (...records: object[]) => importInto(store.db, records, { replace: true })
  await importInto(store.db, [WORKSPACE, ACCOUNT, publication('never')])
  const dueAt = new Date('2026-02-01T00:00:00Z')
  for (const table of ['account', 'publication'] as const) {
    await store.db.updateTable(table).set({ due_at: dueAt }).execute()
  }
  const kept = { a: dueAt.toISOString(), never: dueAt.toISOString() }
  await replace(ACCOUNT, publication('never', { text: 'Other' }))
  expect(await dues(store.db)).toEqual(kept)
  await disconnect(store.db, 'w', 'a')
  await replace({ ...ACCOUNT, connected_at: '2026-01-20T00:00:00.000Z' })
  expect(await dues(store.db)).toEqual({ ...kept, a: '2026-01-20T00:00:00.000Z' })
})

test('an account whose newest snapshot says so must be connected again, if it is connected', async () => {
  await using store = await openTestStore()
  const lost = { sync_status: 'requires_reconnect' }
  const bare = { ...ACCOUNT, id: 'bare', platform_account_id: '2', access_token: null }
  const early = '2026-01-04T00:00:00.000Z'
  const late = '2026-01-05T00:00:00.000Z'
  const statuses = async () => {
    const rows = await accountsByIds(store.db, 'w', ['a', 'bare', 'again'])
    return Object.fromEntries(rows.map(({ id, connectionStatus }) => [id, connectionStatus]))
  }
  await importInto(store.db, [
    ...[WORKSPACE, ACCOUNT, bare, { ...ACCOUNT, id: 'again', platform_account_id: '3' }],
    ...['a', 'bare'].map((id) => snapshot({ account_id: id }, late, lost)),
    ...[snapshot({ account_id: 'again' }, early, lost), snapshot({ account_id: 'again' }, late)],
  ])
  const expected = { a: 'requires_reconnect', bare: 'disconnected', again: 'connected' }
  expect(await statuses()).toEqual(expected)
  await importInto(store.db, [ACCOUNT], { replace: true })
  expect(await statuses()).toEqual({ ...expected, a: 'connected' })
})
