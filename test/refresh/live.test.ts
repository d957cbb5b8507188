import { expect, test } from 'vitest'
import { openTestStore } from '../support/database.ts'
import { ACCOUNT_NUMBERS, failureOf } from './fake-platform.ts'
import { openRefreshing, WORKSPACE } from './refreshing.ts'

test('an account is read at once, whatever the queue holds, and the numbers are stored', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  expect(await weir.commands.readAccountLive(WORKSPACE, account.id)).toMatchObject({
    kind: 'read',
    account: { id: account.id },
    reading: { native: ACCOUNT_NUMBERS },
    readAt: weir.deps.now(),
  })
  expect(weir.platform.calls).toEqual(['account'])
  expect(await weir.account(account.id)).toMatchObject({
    ...{ syncStatus: 'synced', native: ACCOUNT_NUMBERS, handle: 'brand' },
    lastUpdatedAt: weir.deps.now(),
  })
  expect(await weir.snapshots()).toEqual([
    { subject: 'account', subjectId: account.id, native: ACCOUNT_NUMBERS },
  ])
  // The first one is of its connection.
  const changes = await weir.deps.db.selectFrom('change').select('subject').execute()
  expect(changes).toEqual([{ subject: 'account' }, { subject: 'account' }])
})

test('all who ask at once share one call, and each later one makes its own', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  const gate = Promise.withResolvers<void>()
  weir.platform.before = () => gate.promise
  const ask = () => weir.commands.readAccountLive(WORKSPACE, account.id)
  const reads = [ask(), ask(), ask()]
  gate.resolve()
  const [first, ...others] = await Promise.all(reads)
  expect(others).toEqual([first, first])
  expect(weir.platform.calls).toEqual(['account'])
  await ask()
  expect(weir.platform.calls).toEqual(['account', 'account'])
})

test('a failure that may pass is answered and changes nothing', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  await weir.commands.readAccountLive(WORKSPACE, account.id)
  const before = await weir.account(account.id)
  const failure = failureOf('rate_limited', { status: 429, body: '{"title":"Too Many Requests"}' })
  weir.platform.account = failure
  expect(await weir.commands.readAccountLive(WORKSPACE, account.id)).toMatchObject({
    ...{ kind: 'failed', failure },
  })
  expect(await weir.account(account.id)).toEqual(before)
})

test('a platform that has said until when it allows no call is not asked before', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  const resetsAt = new Date(weir.deps.now().getTime() + 60_000)
  weir.platform.before = (_, { onBudget }) =>
    onBudget({ scope: 'account', limit: 1, remaining: 0, reserve: 0, resetsAt })
  const ask = () => weir.commands.readAccountLive(WORKSPACE, account.id)
  expect(await ask()).toMatchObject({ kind: 'read' })
  expect(await ask()).toMatchObject({
    kind: 'failed',
    failure: { kind: 'rate_limited', status: 429, body: null, retryAt: resetsAt },
  })
  expect(weir.platform.calls).toEqual(['account'])
  weir.advance(61)
  expect(await ask()).toMatchObject({ kind: 'read' })
})

test('an account whose access the platform refuses is asked once', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  weir.platform.acceptedToken = 'another'
  const ask = () => weir.commands.readAccountLive(WORKSPACE, account.id)
  expect(await ask()).toMatchObject({ kind: 'failed', failure: { kind: 'unauthorized' } })
  expect(await weir.account(account.id)).toMatchObject({
    ...{ connectionStatus: 'requires_reconnect', syncStatus: 'requires_reconnect' },
  })
  weir.platform.calls.length = 0
  expect(await ask()).toMatchObject({ kind: 'not_connected', account: { id: account.id } })
  expect(weir.platform.calls).toEqual([])
})

test('of a refused call, the answer to it is told, whatever came of renewing the tokens', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  const answer = { status: 401, body: '{"title":"Unauthorized"}' }
  weir.platform.account = failureOf('unauthorized', answer)
  const ask = () => weir.commands.readAccountLive(WORKSPACE, account.id)
  weir.platform.tokens = failureOf('unavailable', { status: 503, body: 'Later.' })
  expect(await ask()).toMatchObject({ failure: { kind: 'unavailable', ...answer } })
  expect(await weir.account(account.id)).toMatchObject({ connectionStatus: 'connected' })
  weir.platform.tokens = failureOf('unauthorized', { status: 400, body: 'Dead.' })
  expect(await ask()).toMatchObject({ failure: { kind: 'unauthorized', ...answer } })
  expect(await ask()).toMatchObject({ kind: 'not_connected' })
})

test('an account that was disconnected meanwhile keeps what it had', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  weir.platform.before = async () => {
    await weir.commands.disconnectAccount(WORKSPACE, account.id)
  }
  expect(await weir.commands.readAccountLive(WORKSPACE, account.id)).toMatchObject({ kind: 'read' })
  expect(await weir.account(account.id)).toMatchObject({ lastUpdatedAt: null, native: {} })
  expect(await weir.snapshots()).toEqual([])
})

test('nobody else’s account is read', async () => {
  await using store = await openTestStore()
  await using weir = await openRefreshing(store)
  const { account } = await weir.connect()
  for (const [workspaceId, id] of [
    ['other', account.id],
    [WORKSPACE, 'nobody'],
  ] as const) {
    expect(await weir.commands.readAccountLive(workspaceId, id)).toEqual({ kind: 'not_found' })
  }
  expect(weir.platform.calls).toEqual([])
})
