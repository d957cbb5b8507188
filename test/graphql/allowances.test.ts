import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { finishRefresh, insertRefresh } from '../../src/store/refreshes.ts'
import { takeUnits } from '../../src/store/usage.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addAccounts, addWorkspace, later, publication } from '../support/rows.ts'

const graphql = await openGraphql({ jobs: true })
afterAll(() => graphql[Symbol.asyncDispose]())

const MONTH = '2026-03-01'
const RESETS_AT = '2026-04-01T00:00:00.000Z'
const HOUR = 3_600_000
const END = { failed: 0, upstreamCalls: 1, errorMessage: null } as const

const AVAILABILITY = `refreshAvailability {
  canRefresh nextRefreshAt hoursRemaining monthlyQuota { limit used resetsAt }
}`
const QUOTA = '{ workspace { refreshQuota { limit used resetsAt } } }'
const REFRESH = `mutation ($id: ID!) { refreshAccount(accountId: $id) {
  __typename
  ... on Error { code message }
  ... on CooldownError { nextRefreshAt hoursRemaining }
  ... on QuotaExceededError { monthlyQuota { limit used resetsAt } }
} }`
const REFRESH_POST = REFRESH.replace('refreshAccount(accountId:', 'refreshPost(postId:')

/** A workspace with two accounts, one of which was refreshed on request 36 hours ago. */
async function addRefreshed(workspace: string): Promise<void> {
  const { db } = graphql
  await addWorkspace(db, workspace)
  await addAccounts(db, workspace, ['second'])
  const chargedAt = later(-36 * HOUR)
  const wish = { accountId: 'account', origin: 'request', publicationIds: null } as const
  await insertRefresh(db, workspace, { ...wish, id: 'r', requestedAt: chargedAt, chargedAt })
  await takeUnits(db, workspace, { month: MONTH, units: 1, limit: 500 })
  const end = { ...END, status: 'succeeded', updated: 1, finishedAt: chargedAt } as const
  await finishRefresh(db, workspace, 'r', end)
  await insertPosts(db, workspace, [{ id: 'post', text: null, createdAt: AT }])
  await insertPublications(db, workspace, [publication({ id: 'p', postId: 'post' })])
}

beforeAll(async () => {
  for (const workspace of ['one', 'used', 'many']) await addRefreshed(workspace)
  await takeUnits(graphql.db, 'used', { month: MONTH, units: 499, limit: 500 })
})

test('an account tells whether it may be refreshed, and the workspace what is left', async () => {
  const { data, errors } = await graphql.query(`{ accounts { nodes { localId ${AVAILABILITY} } } }`)
  expect(errors).toEqual([])
  const monthlyQuota = { limit: 500, used: 1, resetsAt: RESETS_AT }
  const nextRefreshAt = later(12 * HOUR).toISOString()
  const cooling = { canRefresh: false, nextRefreshAt, hoursRemaining: 12, monthlyQuota }
  const free = { canRefresh: true, nextRefreshAt: null, hoursRemaining: 0, monthlyQuota }
  expect(data).toEqual({
    accounts: {
      nodes: expect.arrayContaining([
        { localId: 'account', refreshAvailability: cooling },
        { localId: 'second', refreshAvailability: free },
      ]),
    },
  })
  expect((await graphql.query(QUOTA)).data).toEqual({ workspace: { refreshQuota: monthlyQuota } })
})

test('a wish in the cooldown is refused with the instant at which it ends', async () => {
  const refused = {
    __typename: 'CooldownError',
    code: 'COOLDOWN',
    message: expect.stringContaining('again in 12 hours, from 2026-03-04T17:06:07.089Z on.'),
    nextRefreshAt: later(12 * HOUR).toISOString(),
    hoursRemaining: 12,
  }
  const account = await graphql.query(REFRESH, { id: 'account' })
  expect(account.data).toEqual({ refreshAccount: refused })
  const post = await graphql.query(REFRESH_POST, { id: 'post' })
  expect(post.data).toEqual({ refreshPost: refused })
})

test('a wish beyond the quota is refused with the quota', async () => {
  const sender = { workspace: 'used' }
  const { data } = await graphql.query(REFRESH, { id: 'second' }, sender)
  const monthlyQuota = { limit: 500, used: 500, resetsAt: RESETS_AT }
  expect(data).toEqual({
    refreshAccount: {
      __typename: 'QuotaExceededError',
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining('0 of 500'),
      monthlyQuota,
    },
  })
  const availability = await graphql.query(
    `{ account(id: "second") { ${AVAILABILITY} } }`,
    {},
    sender,
  )
  expect(availability.data).toMatchObject({
    account: { refreshAvailability: { canRefresh: false, nextRefreshAt: RESETS_AT } },
  })
})

test('what a wish took is seen by what follows in the same operation', async () => {
  const mutation = `mutation {
    first: refreshAccount(accountId: "second") {
      ... on RefreshQueued { refresh { account { ${AVAILABILITY} } } }
    }
  }`
  const { data } = await graphql.query(mutation, {}, { workspace: 'many' })
  expect(data).toMatchObject({
    first: {
      refresh: {
        account: {
          refreshAvailability: { canRefresh: false, hoursRemaining: 48, monthlyQuota: { used: 2 } },
        },
      },
    },
  })
})

test('of 25 accounts, availability costs three statements more than the list', async () => {
  const ids = Array.from({ length: 23 }, (_, index) => `account-${index}`)
  await addAccounts(graphql.db, 'many', ids)
  const sender = { workspace: 'many' }
  graphql.statements.length = 0
  const { data } = await graphql.query<{ accounts: { nodes: unknown[] } }, object>(
    `{ accounts(first: 25) { nodes { ${AVAILABILITY} } } workspace { refreshQuota { used } } }`,
    {},
    sender,
  )
  expect(data.accounts.nodes).toHaveLength(25)
  expect(graphql.statements).toHaveLength(4)
})
