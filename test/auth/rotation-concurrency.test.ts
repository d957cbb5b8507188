import { expect, test } from 'vitest'
import { resealAll, sealingOf } from '../../src/auth/rotation.ts'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { type Connector, ConnectorError } from '../../src/domain/connector.ts'
import { accountTokenContext, type TokenCipher } from '../../src/domain/secrets.ts'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import { openSession } from '../../src/refresh/tokens.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import type { Db } from '../../src/store/connect.ts'
import { sealedTokens, upsertConnection } from '../../src/store/connections.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'
import { failureOf, fakePlatform } from '../refresh/fake-platform.ts'
import { openTestStore } from '../support/database.ts'
import { AT, connection } from '../support/rows.ts'

const [OLD, NEW] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const older = createTokenCipher(OLD)
const newer = createTokenCipher(NEW, [OLD])
const IDS = Array.from({ length: 8 }, (_, number) => `a${number}`)
const ROUNDS = 8
const OPTIONS = { batchMax: 5, passesMax: 50, pauseMs: 5 }

/** A platform that takes every refresh token once, as the strictest ones do. */
function strictPlatform() {
  const turns = new Map(IDS.map((id) => [id, 0]))
  const turnOf = (id: string) => turns.get(id) ?? 0
  const connector: Connector = {
    ...fakePlatform().connector,
    async refreshToken({ account: { id }, refreshToken }, { onUpstreamCall }) {
      onUpstreamCall()
      if (refreshToken !== `refresh ${turnOf(id)}`) {
        throw new ConnectorError(failureOf('unauthorized'))
      }
      turns.set(id, turnOf(id) + 1)
      await new Promise((resolve) => setImmediate(resolve))
      const tokens = { accessToken: `access ${turnOf(id)}`, refreshToken: `refresh ${turnOf(id)}` }
      return { ...tokens, expiresAt: null, scopes: null }
    },
  }
  return { connector, turnOf }
}

async function connectAll(db: Db, cipher: TokenCipher): Promise<void> {
  const limits = { refreshCooldownHours: null, refreshMonthlyQuota: null }
  await insertWorkspace(db, { id: 'one', name: 'One', createdAt: AT, ...limits })
  for (const id of IDS) {
    const seal = (token: string) => cipher.seal(token, accountTokenContext('one', id))
    const tokens = { accessToken: seal('access 0'), refreshToken: seal('refresh 0') }
    await upsertConnection(db, 'one', { ...connection({ id, platformAccountId: id }), ...tokens })
  }
}

type Platform = ReturnType<typeof strictPlatform>

/** A worker's call with a token that the platform has just ended; false: it lacks a key. */
async function callOnce(db: Db, cipher: TokenCipher, platform: Platform, id: string) {
  const [[account], sealed] = await Promise.all([
    accountsByIds(db, 'one', [id]),
    sealedTokens(db, 'one', id),
  ])
  if (!account || !sealed) throw new Error(`The account ${id} lost its tokens.`)
  const signal = new AbortController().signal
  const context = { signal, now: AT, onUpstreamCall: () => {}, onBudget: () => {} }
  const deps = { db, cipher, now: () => new Date(), limits: REFRESH_LIMITS }
  const session = await openSession(
    { deps, account, connector: platform.connector, context },
    sealed,
  )
  const ended = `access ${platform.turnOf(id)}`
  return session
    .call(async ({ accessToken }) => {
      if (accessToken === ended) throw new ConnectorError(failureOf('unauthorized'))
      return true
    })
    .catch((error: ConnectorError) => {
      if (error.failure.kind !== 'misconfigured') throw error
      return false
    })
}

async function storedAll(db: Db, cipher: TokenCipher) {
  const stored = IDS.map(async (id) => {
    const sealed = await sealedTokens(db, 'one', id)
    const open = (text: string) => cipher.open(text, accountTokenContext('one', id))
    return sealed && [open(sealed.accessToken), sealed.refreshToken && open(sealed.refreshToken)]
  })
  return Promise.all(stored)
}

const shownBy = ({ turnOf }: Platform) =>
  IDS.map((id) => [`access ${turnOf(id)}`, `refresh ${turnOf(id)}`])

test('tokens that workers renew while all are sealed anew, back and forth, are never lost', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const { db } = store
  const platform = strictPlatform()
  await connectAll(db, older)
  const backwards = createTokenCipher(OLD, [NEW])
  const working = IDS.map(async (id) => {
    for (let round = 0; round < ROUNDS; round += 1) await callOnce(db, newer, platform, id)
  })
  for (let round = 0; round < ROUNDS; round += 1) {
    const cipher = round % 2 === 0 ? newer : backwards
    await resealAll({ db, cipher, now: () => new Date() }, OPTIONS)
  }
  await Promise.all(working)
  expect(await storedAll(db, newer)).toEqual(shownBy(platform))
  expect(IDS.map(platform.turnOf)).toEqual(IDS.map(() => ROUNDS))
})

test('nor by workers that lack the new key: they ask for none once they cannot read theirs', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const { db } = store
  const platform = strictPlatform()
  await connectAll(db, older)
  expect(await callOnce(db, older, platform, 'a0')).toBe(true)
  // Each goes on until it meets tokens that it cannot open.
  const working = IDS.map(async (id) => {
    while (await callOnce(db, older, platform, id));
  })
  await resealAll({ db, cipher: newer, now: () => new Date() }, OPTIONS)
  await Promise.all(working)
  expect(await storedAll(db, newer)).toEqual(shownBy(platform))
  const { locked } = await sealingOf({ db, cipher: createTokenCipher(NEW) })
  expect(locked).toBe(0)
})
