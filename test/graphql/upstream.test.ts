import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Budget } from '../../src/domain/budget.ts'
import { type BudgetUse, storeBudgets } from '../../src/store/budgets.ts'
import { upsertConnection } from '../../src/store/connections.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addWorkspace, connection, later } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const UPSTREAM = `{
  workspace {
    upstream { platform account { localId handle } callsToday limit remaining resetsAt }
  }
}`
const DAY_MS = 86_400_000

function said(more: Partial<Budget> = {}): Budget {
  const resetsAt = later(60_000)
  return { scope: 'account', limit: 900, remaining: 12, reserve: 0, resetsAt, ...more }
}

beforeAll(async () => {
  const { db } = graphql
  for (const workspace of ['one', 'two', 'counted', 'idle']) await addWorkspace(db, workspace)
  await upsertConnection(db, 'one', connection({ id: 'second', platformAccountId: '7' }))
  const keep = (ws: string, now: Date, uses: BudgetUse[]) =>
    storeBudgets(db, ws, { platform: 'x', now }, uses)
  await keep('one', AT, [
    { accountId: 'account', calls: 3, budget: said() },
    { accountId: null, calls: 4, budget: said({ limit: 100, remaining: 64, resetsAt: null }) },
  ])
  const over = said({ remaining: 0, resetsAt: later(-1) })
  await keep('one', later(-DAY_MS), [{ accountId: 'second', calls: 8, budget: over }])
  const units = said({ limit: 10_000, remaining: null })
  await keep('counted', AT, [{ accountId: null, calls: 4, units: 3, budget: units }])
  await keep('two', AT, [{ accountId: 'account', calls: 99, budget: null }])
})

beforeEach(() => {
  graphql.statements.length = 0
})

test('shows calls and limits of the applications and of accounts, and null where nothing is known', async () => {
  const { data, errors } = await graphql.query(UPSTREAM, {}, { workspace: 'one' })
  expect(errors).toEqual([])
  const resetsAt = later(60_000).toISOString()
  const x = { platform: 'X' }
  expect(data).toEqual({
    workspace: {
      upstream: [
        { ...x, account: null, callsToday: 4, limit: 100, remaining: 64, resetsAt: null },
        {
          ...{ ...x, account: { localId: 'account', handle: 'weir' } },
          ...{ callsToday: 3, limit: 900, remaining: 12, resetsAt },
        },
        {
          ...{ ...x, account: { localId: 'second', handle: 'weir' } },
          ...{ callsToday: 0, limit: 900, remaining: null, resetsAt: null },
        },
      ],
    },
  })
})

test('shows what is left of units that the platform does not tell of', async () => {
  const { data } = await graphql.query(UPSTREAM, {}, { workspace: 'counted' })
  const left = { limit: 10_000, remaining: 9997, resetsAt: later(60_000).toISOString() }
  expect(data).toEqual({
    workspace: { upstream: [{ platform: 'X', account: null, callsToday: 4, ...left }] },
  })
})

test('costs one statement, and one more for all accounts', async () => {
  const count = async (fields: string) => {
    graphql.statements.length = 0
    const query = `{ workspace { upstream { ${fields} } } }`
    await graphql.query(query, {}, { workspace: 'one' })
    return graphql.statements.length
  }
  expect(await count('callsToday')).toBe(1 + 1)
  expect(await count('account { handle }')).toBe(1 + 1 + 1)
})

test('holds nothing of another workspace, and nothing before the first call', async () => {
  const ofTwo = await graphql.query(UPSTREAM, {}, { workspace: 'two' })
  expect(ofTwo.data).toMatchObject({ workspace: { upstream: [{ callsToday: 99, limit: null }] } })
  const idle = await graphql.query(UPSTREAM, {}, { workspace: 'idle' })
  expect(idle.data).toEqual({ workspace: { upstream: [] } })
})
