import { expect, test } from 'vitest'
import { resealAll, sealingOf } from '../../src/auth/rotation.ts'
import { createSealCheck } from '../../src/auth/seal-check.ts'
import { createTokenCipher, keyIdOf } from '../../src/auth/tokens.ts'
import { accountTokenContext, type TokenCipher } from '../../src/domain/secrets.ts'
import type { Db } from '../../src/store/connect.ts'
import { claimTokenRenewal, sealedTokens, upsertConnection } from '../../src/store/connections.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { AT, connection, later } from '../support/rows.ts'

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)
const LOST = new Uint8Array(32).fill(3)
const older = createTokenCipher(OLD)
const newer = createTokenCipher(NEW)
const both = createTokenCipher(NEW, [OLD])
const lost = createTokenCipher(LOST)
const ONCE = { batchMax: 2, passesMax: 1, pauseMs: 0 }

async function addSealed(db: Db, workspaceId: string, id: string, cipher: TokenCipher) {
  const limits = { refreshCooldownHours: null, refreshMonthlyQuota: null }
  await insertWorkspace(db, { id: workspaceId, name: workspaceId, createdAt: AT, ...limits })
  const seal = (token: string) => cipher.seal(token, accountTokenContext(workspaceId, id))
  await upsertConnection(db, workspaceId, {
    ...connection({ id, platformAccountId: id }),
    accessToken: seal(`access of ${id}`),
    refreshToken: id.endsWith('0') ? null : seal(`refresh of ${id}`),
  })
}

async function opened(db: Db, workspaceId: string, id: string, cipher: TokenCipher) {
  const sealed = await sealedTokens(db, workspaceId, id)
  const context = accountTokenContext(workspaceId, id)
  return [sealed?.accessToken, sealed?.refreshToken].map(
    (text) => text && cipher.open(text, context),
  )
}

describeStores('sealing anew', (open) => {
  test('brings the tokens of every workspace under the new key, batch by batch', async () => {
    await using store = await open()
    const { db } = store
    for (const workspace of ['one', 'two']) {
      for (const id of ['a0', 'a1', 'a2', 'a3', 'a4']) await addSealed(db, workspace, id, older)
    }
    await addSealed(db, 'two', 'a5', both)
    const deps = { db, cipher: both, now: () => AT }
    expect(await resealAll(deps, ONCE)).toEqual({ resealed: 10, busy: 0, unopened: 0 })
    expect(await opened(db, 'one', 'a0', newer)).toEqual(['access of a0', null])
    expect(await opened(db, 'two', 'a4', newer)).toEqual(['access of a4', 'refresh of a4'])
    expect(await sealingOf({ db, cipher: newer })).toMatchObject({ accounts: 11, locked: 0 })
    expect(await resealAll(deps, ONCE)).toEqual({ resealed: 0, busy: 0, unopened: 0 })
  })

  test('leaves tokens that are being renewed to whoever renews them, and comes back', async () => {
    await using store = await open()
    const { db } = store
    for (const id of ['a1', 'a2']) await addSealed(db, 'one', id, older)
    await claimTokenRenewal(db, 'one', 'a1', { now: AT, until: later(1000) })
    const clock = { now: AT }
    const deps = { db, cipher: both, now: () => clock.now }
    expect(await resealAll(deps, ONCE)).toEqual({ resealed: 1, busy: 1, unopened: 0 })
    expect(await opened(db, 'one', 'a1', older)).toEqual(['access of a1', 'refresh of a1'])
    clock.now = later(1000)
    expect(await resealAll(deps, ONCE)).toEqual({ resealed: 1, busy: 0, unopened: 0 })
    expect(await opened(db, 'one', 'a1', newer)).toEqual(['access of a1', 'refresh of a1'])
  })

  test('leaves what no key opens as it is, and says how many accounts need which key', async () => {
    await using store = await open()
    const { db } = store
    await addSealed(db, 'one', 'a1', older)
    await addSealed(db, 'one', 'a2', lost)
    const deps = { db, cipher: both, now: () => AT }
    expect(await resealAll(deps, ONCE)).toEqual({ resealed: 1, busy: 0, unopened: 1 })
    expect(await opened(db, 'one', 'a2', lost)).toEqual(['access of a2', 'refresh of a2'])
    expect(await sealingOf(deps)).toEqual({
      ...{ accounts: 2, locked: 1 },
      missingKeyIds: [keyIdOf(LOST)],
    })
  })
})

test('a process that lacks a key says so once, and is unready only when no token opens', async () => {
  await using store = await openTestStore()
  const logged: object[] = []
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => logged.push(fields) }
  const clock = { now: AT }
  const deps = { db: store.db, now: () => clock.now, log }
  expect(await createSealCheck({ ...deps, cipher: newer })()).toBeNull()
  await addSealed(store.db, 'one', 'a1', older)
  const check = createSealCheck({ ...deps, cipher: newer })
  const keyId = keyIdOf(OLD)
  const sentence = `The tokens of the one account are sealed under a secret key that is not configured (${keyId}).`
  expect([await check(), await check()]).toEqual([sentence, sentence])
  expect(logged).toEqual([{ accounts: 1, locked: 1, missingKeyIds: [keyId] }])
  await addSealed(store.db, 'one', 'a2', newer)
  expect(await check()).toBe(sentence)
  clock.now = later(10_000)
  expect(await check()).toBeNull()
  expect(await createSealCheck({ ...deps, cipher: both })()).toBeNull()
})
