import { expect, test } from 'vitest'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { sealedTokens, storeTokens } from '../../src/store/connections.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { failureOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, START, WORKSPACE } from './refreshing.ts'

const SOON = new Date(START.getTime() + 4 * 60_000)
const LATER = new Date(START.getTime() + 7200_000)
const NEW_TOKENS = {
  accessToken: 'access-2',
  refreshToken: 'refresh-2',
  expiresAt: LATER,
  scopes: null,
}

async function storedTokens(store: TestStore, weir: Refreshing, accountId: string) {
  const sealed = await sealedTokens(store.db, WORKSPACE, accountId)
  const context = accountTokenContext(WORKSPACE, accountId)
  return [sealed?.accessToken, sealed?.refreshToken].map(
    (token) => token && weir.deps.cipher.open(token, context),
  )
}

test('tokens that end within five minutes are renewed first, and both are stored', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { account, refresh } = await weir.connect({ tokenExpiresAt: SOON })
  weir.platform.acceptedToken = 'access-2'
  weir.platform.before = async (call) => {
    if (call === 'list') {
      expect(await storedTokens(store, weir, account.id)).toEqual(['access-2', 'refresh-2'])
    }
  }
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['tokens', 'list', 'account'])
  expect(ended).toMatchObject({ status: 'succeeded', upstreamCalls: 3 })
  expect((await weir.account(account.id)).tokenExpiresAt).toEqual(LATER)
})

test('answers that tell when tokens expire are known to be old as soon as they are renewed', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { account, refresh } = await weir.connect({ tokenExpiresAt: SOON })
  const seen: [string, number | undefined, Date | null][] = []
  weir.platform.before = async (call) => {
    const row = await store.db.selectFrom('workspace').select('data_version').executeTakeFirst()
    const { tokenExpiresAt } = await weir.account(account.id)
    seen.push([call, row?.data_version, tokenExpiresAt])
  }
  await weir.run(refresh)
  const [first, second] = seen
  expect(first).toMatchObject(['tokens', expect.any(Number), SOON])
  expect(second).toEqual(['list', (first?.[1] ?? 0) + 1, LATER])
})

test('tokens with more time left are not renewed', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect({ tokenExpiresAt: LATER })
  await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'account'])
})

test('tokens that could not be renewed early are used as long as the platform takes them', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = failureOf('unavailable')
  const { refresh } = await weir.connect({ tokenExpiresAt: SOON })
  expect(await weir.run(refresh)).toMatchObject({ status: 'succeeded' })
})

test('refused tokens are renewed once, and the refused call is made once more', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = { ...NEW_TOKENS, refreshToken: null }
  const { account, refresh } = await weir.connect()
  weir.platform.acceptedToken = 'access-2'
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'tokens', 'list', 'account'])
  expect(ended.status).toBe('succeeded')
  expect(await storedTokens(store, weir, account.id)).toEqual(['access-2', 'refresh-1'])
})

test('an account whose new tokens are refused as well has to reconnect, without more calls', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { account, refresh } = await weir.connect()
  weir.platform.acceptedToken = 'another'
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'tokens', 'list'])
  expect(ended).toMatchObject({ status: 'failed', updated: 0, failed: 1 })
  expect(await weir.account(account.id)).toMatchObject({
    connectionStatus: 'requires_reconnect',
    syncStatus: 'requires_reconnect',
    errorMessage: 'It is unauthorized.',
  })
})

test('tokens that another process has renewed are used instead of being renewed again', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { refresh } = await weir.connect()
  weir.platform.acceptedToken = 'access-3'
  weir.platform.before = async (call) => {
    if (call !== 'list' || weir.platform.calls.length > 1) return
    await weir.connect({ accessToken: 'access-3', localId: null })
  }
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'list', 'account'])
  expect(ended.status).toBe('succeeded')
})

test('an account connected again while its tokens were refused is tried with the new ones', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { account, refresh } = await weir.connect()
  weir.platform.acceptedToken = 'access-3'
  let lists = 0
  weir.platform.before = async (call) => {
    if (call !== 'list') return
    lists += 1
    if (lists === 2) await weir.connect({ accessToken: 'access-3', localId: null })
  }
  expect((await weir.run(refresh)).status).toBe('queued')
  expect((await weir.account(account.id)).connectionStatus).toBe('connected')
  expect(weir.queued.at(-1)).toMatchObject({ refreshId: refresh.id, attempt: 1, startAfter: null })
  expect((await weir.run(refresh)).status).toBe('succeeded')
})

test('tokens sealed under another key are our fault: nobody is asked to reconnect', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  weir.deps.cipher = {
    ...weir.deps.cipher,
    open: () => {
      throw new Error('another key')
    },
  }
  const ended = await weir.run(refresh)
  expect(ended.status).toBe('failed')
  expect(weir.platform.calls).toEqual([])
  expect(await weir.account(account.id)).toMatchObject({
    connectionStatus: 'connected',
    syncStatus: 'failed',
    errorMessage: 'The stored tokens cannot be opened with the configured secret key.',
  })
})

/** Seals an account's stored tokens anew, as under another key. */
async function sealAnew({ db }: TestStore, { deps }: Refreshing, accountId: string): Promise<void> {
  const context = accountTokenContext(WORKSPACE, accountId)
  const anew = (sealed: string) => deps.cipher.seal(deps.cipher.open(sealed, context), context)
  const sealed = await sealedTokens(db, WORKSPACE, accountId)
  if (sealed === null) throw new Error('The account has no tokens.')
  const refreshToken = sealed.refreshToken && anew(sealed.refreshToken)
  const tokens = { ...sealed, accessToken: anew(sealed.accessToken), refreshToken, scopes: null }
  await storeTokens(db, WORKSPACE, accountId, tokens)
}

test('tokens that are sealed anew during a run are no new tokens: refused ones are renewed', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = NEW_TOKENS
  const { account, refresh } = await weir.connect()
  weir.platform.acceptedToken = 'access-2'
  weir.platform.before = async (call) => {
    if (call === 'list' && weir.platform.calls.length === 1) {
      await sealAnew(store, weir, account.id)
    }
  }
  const ended = await weir.run(refresh)
  expect(weir.platform.calls).toEqual(['list', 'tokens', 'list', 'account'])
  expect(ended.status).toBe('succeeded')
  expect(await storedTokens(store, weir, account.id)).toEqual(['access-2', 'refresh-2'])
})

test('new tokens are kept though the old ones were sealed anew while they were asked for', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  weir.platform.tokens = { ...NEW_TOKENS, refreshToken: null }
  const { account, refresh } = await weir.connect()
  weir.platform.acceptedToken = 'access-2'
  weir.platform.before = async (call) => {
    if (call === 'tokens') await sealAnew(store, weir, account.id)
  }
  expect((await weir.run(refresh)).status).toBe('succeeded')
  expect(weir.platform.calls).toEqual(['list', 'tokens', 'list', 'account'])
  expect(await storedTokens(store, weir, account.id)).toEqual(['access-2', 'refresh-1'])
})

test('what was read is stored though the tokens were sealed anew meanwhile', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account, refresh } = await weir.connect()
  weir.platform.before = async (call) => {
    if (call === 'account') await sealAnew(store, weir, account.id)
  }
  expect((await weir.run(refresh)).status).toBe('succeeded')
  expect(weir.platform.calls).toEqual(['list', 'account'])
})
