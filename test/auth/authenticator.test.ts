import { expect, onTestFinished, test } from 'vitest'
import { createAuthenticator } from '../../src/auth/authenticator.ts'
import { createApiKey, type KeyRequest } from '../../src/auth/keys.ts'
import { apiKeysOf, revokeApiKey } from '../../src/store/api-keys.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { openTestStore } from '../support/database.ts'

const NOW = new Date('2026-06-29T09:00:00Z')
const log = { info() {}, warn() {}, error() {} }

async function setUp() {
  const statements: string[] = []
  const store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
  onTestFinished(() => store.close())
  const workspace = { name: 'W', refreshCooldownHours: null, refreshMonthlyQuota: null }
  await insertWorkspace(store.db, { id: 'w', createdAt: NOW, ...workspace })
  const clock = { now: NOW }
  const authenticator = createAuthenticator({ db: store.db, jwt: null, now: () => clock.now, log })
  const add = async (request: Partial<KeyRequest> = {}) => {
    const created = await createApiKey(store.db, 'w', {
      ...{ id: 'k1', name: 'one', prefix: 'weir', scopes: ['analytics:read'] },
      ...{ createdAt: NOW, expiresAt: null },
      ...request,
    })
    return created?.text ?? ''
  }
  const later = (seconds: number) => {
    clock.now = new Date(clock.now.getTime() + seconds * 1000)
  }
  return { ...store, statements, authenticator, add, later }
}

test('a key is its prefix and 32 random bytes, and only its hash is stored', async () => {
  const { db, add } = await setUp()
  const text = await add({ prefix: 'dash_live' })
  expect(text).toMatch(/^dash_live_[0-9A-Za-z]{43}$/)
  const [stored] = await apiKeysOf(db, 'w')
  expect(stored?.firstCharacters).toBe(text.slice(0, 14))
  expect(JSON.stringify(await db.selectFrom('api_key').selectAll().execute())).not.toContain(
    text.slice(20),
  )
})

test('a key speaks for its workspace, with its scopes', async () => {
  const { authenticator, add } = await setUp()
  const text = await add({ scopes: ['analytics:read', 'workspace:manage'] })
  const scopes = ['analytics:read', 'workspace:manage']
  for (const header of [`Bearer ${text}`, `bearer  ${text} `]) {
    expect(await authenticator.authenticate(header)).toEqual({
      ...{ workspaceId: 'w', keyId: 'k1', scopes },
    })
  }
})

test('nothing, another scheme, and a key that is nearly right speak for nobody', async () => {
  const { authenticator, add } = await setUp()
  const text = await add()
  const wrong = [null, '', 'Bearer', text, `Basic ${text}`, `Bearer ${text}x`]
  for (const header of [...wrong, `Bearer ${'x'.repeat(100_000)}`]) {
    expect(await authenticator.authenticate(header)).toBeNull()
  }
})

test('an expired key speaks for nobody, at once', async () => {
  const { authenticator, add, later } = await setUp()
  const text = await add({ expiresAt: new Date(NOW.getTime() + 2000) })
  expect(await authenticator.authenticate(`Bearer ${text}`)).not.toBeNull()
  later(2)
  expect(await authenticator.authenticate(`Bearer ${text}`)).toBeNull()
})

test('a revoked key speaks for nobody within seconds', async () => {
  const { db, authenticator, add, later } = await setUp()
  const text = await add()
  expect(await authenticator.authenticate(`Bearer ${text}`)).not.toBeNull()
  await revokeApiKey(db, 'w', 'k1', NOW)
  later(5)
  expect(await authenticator.authenticate(`Bearer ${text}`)).toBeNull()
})

test('a key in use costs a statement every few seconds, and its use is noted once a minute', async () => {
  const { db, authenticator, add, later, statements } = await setUp()
  const text = await add()
  statements.length = 0
  for (let second = 0; second < 70; second += 1) {
    await authenticator.authenticate(`Bearer ${text}`)
    later(1)
  }
  await authenticator.settle()
  expect(statements.filter((sql) => sql.includes('select')).length).toBeLessThanOrEqual(14)
  expect(statements.filter((sql) => sql.includes('update'))).toHaveLength(2)
  const [key] = await apiKeysOf(db, 'w')
  expect(key?.lastUsedAt).toEqual(new Date(NOW.getTime() + 60_000))
})

test('a name is taken once', async () => {
  const { add } = await setUp()
  expect(await add()).not.toBe('')
  expect(await add({ id: 'k2' })).toBe('')
})
