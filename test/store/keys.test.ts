import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  apiKeysByHash,
  apiKeysOf,
  insertApiKey,
  type NewApiKey,
  revokeApiKey,
  touchApiKey,
} from '../../src/store/api-keys.ts'
import {
  forgetExpiredAnswers,
  rememberAnswer,
  rememberedAnswer,
} from '../../src/store/idempotency.ts'
import { allWorkspaces, insertWorkspace, workspaceById } from '../../src/store/workspaces.ts'
import { describeStores, openTestStore, type TestStore } from '../support/database.ts'
import { AT, addWorkspace, later } from '../support/rows.ts'

function key(given: Partial<NewApiKey> = {}): NewApiKey {
  const shown = { name: 'dashboard', firstCharacters: 'weir_ab', scopes: ['analytics:read'] }
  return { id: 'k', hash: 'hash', ...shown, createdAt: AT, expiresAt: null, ...given }
}

describeStores('keys, workspaces and remembered answers', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    for (const name of ['a', 'b']) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a key is found by its hash in whatever workspace, and never shown with it', async () => {
    const { hash, ...shown } = key({ expiresAt: later(1) })
    const stored = { ...shown, workspaceId: 'a', revokedAt: null, lastUsedAt: null }
    expect(await insertApiKey(store.db, 'a', key({ expiresAt: later(1) }))).toEqual(stored)
    expect(await insertApiKey(store.db, 'a', key({ id: 'other' }))).toBeNull()
    expect(await insertApiKey(store.db, 'a', key({ name: 'other' }))).toBeNull()
    expect(await apiKeysByHash(store.db, hash)).toEqual([{ ...stored, hash }])
    expect(await apiKeysByHash(store.db, 'none')).toEqual([])
    const second = key({ hash: 'second', createdAt: later(-1) })
    await insertApiKey(store.db, 'b', second)
    expect(await apiKeysOf(store.db, 'a')).toEqual([stored])
    const all = await apiKeysOf(store.db, null)
    expect(all.map((row) => row.workspaceId)).toEqual(['b', 'a'])
  })

  test('a key is revoked once and its use noted forwards, in its own workspace only', async () => {
    await touchApiKey(store.db, 'a', 'k', later(5))
    await touchApiKey(store.db, 'a', 'k', later(4))
    expect(await revokeApiKey(store.db, 'a', 'k', later(6))).toMatchObject({ revokedAt: later(6) })
    expect(await revokeApiKey(store.db, 'a', 'k', later(7))).toMatchObject({
      revokedAt: later(6),
      lastUsedAt: later(5),
    })
    expect(await revokeApiKey(store.db, 'a', 'none', AT)).toBeNull()
    expect((await apiKeysOf(store.db, 'b'))[0]).toMatchObject({ revokedAt: null, lastUsedAt: null })
  })

  test('the name of a key that is revoked or has expired can be given again', async () => {
    const named = (id: string, given: Partial<NewApiKey> = {}) =>
      insertApiKey(store.db, 'b', key({ id, name: 'n', ...given }))
    await named('first', { expiresAt: later(10) })
    expect(await named('second', { createdAt: later(9) })).toBeNull()
    expect(await named('second', { createdAt: later(10) })).not.toBeNull()
    expect(await named('third', { createdAt: later(11) })).toBeNull()
    await revokeApiKey(store.db, 'b', 'second', later(12))
    expect(await named('third', { createdAt: later(12) })).not.toBeNull()
    const keys = (await apiKeysOf(store.db, 'b')).filter(({ name }) => name === 'n')
    expect(keys.map(({ id, revokedAt }) => [id, revokedAt])).toEqual([
      ['first', later(10)],
      ['second', later(12)],
      ['third', null],
    ])
  })

  test('workspaces come oldest first, and an id that is taken changes nothing', async () => {
    const limits = { refreshCooldownHours: 0, refreshMonthlyQuota: 500 }
    const workspace = { id: 'c', name: 'C', ...limits, createdAt: later(-1) }
    expect(await insertWorkspace(store.db, workspace)).toBe(true)
    expect(await insertWorkspace(store.db, { ...workspace, name: 'D' })).toBe(false)
    expect(await workspaceById(store.db, 'c')).toEqual({
      ...{ id: 'c', name: 'C', dataVersion: 0 },
      ...limits,
    })
    expect(await workspaceById(store.db, 'none')).toBeNull()
    expect((await allWorkspaces(store.db)).map((row) => row.id)).toEqual(['c', 'a', 'b'])
  })

  test('the first answer under a key stays until it expires', async () => {
    const remember = (answer: object, at: Date) =>
      rememberAnswer(store.db, 'a', {
        ...{ operation: 'refresh', key: 'k', answer: { ...answer } },
        ...{ createdAt: at, expiresAt: new Date(+at + 10) },
      })
    const recall = (key: string, now: Date) =>
      rememberedAnswer(store.db, 'a', { operation: 'refresh', key }, now)
    expect(await remember({ id: 1 }, later(0))).toBe(true)
    expect(await remember({ id: 2 }, later(9))).toBe(false)
    expect(await recall('k', later(9))).toEqual({ id: 1 })
    expect(await recall('k', later(10))).toBeNull()
    expect(await recall('other', later(0))).toBeNull()
    expect(await remember({ id: 3 }, later(10))).toBe(true)
    expect(await recall('k', later(11))).toEqual({ id: 3 })
    const elsewhere = { operation: 'refresh', key: 'k' }
    expect(await rememberedAnswer(store.db, 'b', elsewhere, later(11))).toBeNull()
  })

  test('expired answers of all workspaces are forgotten, so many at once, and no others', async () => {
    const remember = (workspace: string, key: string, ms: number) =>
      rememberAnswer(store.db, workspace, {
        ...{ operation: 'forget', key, answer: { key } },
        ...{ createdAt: AT, expiresAt: later(ms) },
      })
    await forgetExpiredAnswers(store.db, later(100), 1000)
    for (const key of ['k1', 'k2', 'k3']) await remember('a', key, 200)
    await remember('b', 'k1', 200)
    await remember('b', 'k2', 201)
    const forget = (limit: number) => forgetExpiredAnswers(store.db, later(200), limit)
    expect([await forget(3), await forget(3), await forget(3)]).toEqual([3, 1, 0])
    const left = await store.db.selectFrom('idempotency').select(['workspace_id', 'key']).execute()
    expect(left).toEqual([{ workspace_id: 'b', key: 'k2' }])
  })
})

test('of the same answer remembered at once from several connections, one stands', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 8 })
  await addWorkspace(store.db, 'w')
  const times = { createdAt: AT, expiresAt: later(1000) }
  const remember = (id: number) =>
    rememberAnswer(store.db, 'w', { operation: 'o', key: 'k', answer: { id }, ...times })
  const stood = await Promise.all(Array.from({ length: 8 }, (_, id) => remember(id)))
  expect(stood.filter(Boolean)).toHaveLength(1)
  const answer = await rememberedAnswer(store.db, 'w', { operation: 'o', key: 'k' }, AT)
  expect(answer).toEqual({ id: stood.indexOf(true) })
})
