import { expect, test } from 'vitest'
import { disconnectAccount } from '../../src/refresh/connections.ts'
import { openTestStore } from '../support/database.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import { openRefreshing, WORKSPACE } from './refreshing.ts'

interface Line {
  level: string
  message: string
  fields: object
}

/** Refreshing whose log is kept. */
async function openHeard() {
  const lines: Line[] = []
  const hear = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields })
  const log = { info: hear('info'), warn: hear('warn'), error: hear('error') }
  const store = await openTestStore()
  const weir = await openRefreshing(store, { log })
  const end = async () => {
    await weir[Symbol.asyncDispose]()
    await store.close()
  }
  return { weir, lines, [Symbol.asyncDispose]: end }
}

test('a refresh that has ended is one line', async () => {
  await using heard = await openHeard()
  const { weir, lines } = heard
  weir.platform.pages = [{ items: [{ id: 'p1', numbers: numbersOf(7) }] }]
  const { account, refresh } = await weir.connect()
  weir.platform.before = () => weir.advance(2)
  const { upstreamCalls } = await weir.run(refresh)
  const about = { workspaceId: WORKSPACE, refreshId: refresh.id, accountId: account.id }
  expect(lines).toEqual([
    {
      ...{ level: 'info', message: 'refresh ended' },
      fields: {
        ...{ ...about, platform: 'tiktok', status: 'succeeded', updated: 2, failed: 0 },
        ...{ upstreamCalls, durationMs: 4000, errorMessage: null },
      },
    },
  ])
  await weir.run(refresh)
  expect(lines).toHaveLength(1)
})

test('a refresh that waits has not ended; one that failed is a warning', async () => {
  await using heard = await openHeard()
  const { weir, lines } = heard
  const { refresh } = await weir.connect()
  weir.platform.account = failureOf('unavailable')
  weir.platform.listingFailure = failureOf('unavailable')
  await weir.run(refresh)
  expect(lines).toEqual([])
  await weir.run(refresh, 3)
  const errorMessage = 'It is unavailable.'
  expect(lines).toMatchObject([{ level: 'warn', fields: { status: 'failed', errorMessage } }])
})

test.each([
  ['misconfigured', 'warn'],
  ['gone', 'info'],
] as const)('a part that is %s is for the log: %s', async (kind, level) => {
  await using heard = await openHeard()
  const { weir, lines } = heard
  const { refresh } = await weir.connect()
  weir.platform.listingFailure = failureOf(kind)
  await weir.run(refresh)
  expect(lines).toMatchObject([{ level, fields: { status: 'partial' } }])
})

test('a refresh whose account is gone is a warning too', async () => {
  await using heard = await openHeard()
  const { weir, lines } = heard
  const other = { platformAccountId: '2', localId: 'other' }
  const [first, second] = [await weir.connect(), await weir.connect(other)]
  await disconnectAccount(weir.deps, WORKSPACE, first.account.id)
  await weir.run(first.refresh)
  weir.platform.before = async () =>
    void (await disconnectAccount(weir.deps, WORKSPACE, second.account.id))
  await weir.run(second.refresh)
  const fields = { platform: 'tiktok', status: 'failed', errorMessage: expect.any(String) }
  expect(lines).toMatchObject([
    { level: 'warn', fields },
    { level: 'warn', fields },
  ])
})
