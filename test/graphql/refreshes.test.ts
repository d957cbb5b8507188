import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertConnection } from '../../src/store/connections.ts'
import { startRefresh } from '../../src/store/refresh-runs.ts'
import { finishRefresh, insertRefresh } from '../../src/store/refreshes.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace, connection, later } from '../support/rows.ts'

const graphql = await openGraphql()
afterAll(() => graphql[Symbol.asyncDispose]())

const REFRESHES = /* GraphQL */ `
  query ($id: ID!, $first: Int, $after: String) {
    account(id: $id) {
      refreshes(first: $first, after: $after) {
        nodes {
          status requestedAt startedAt finishedAt updated failed upstreamCalls errorMessage
          account { localId }
        }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`

interface Answer {
  account: {
    refreshes: {
      nodes: { status: string }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
      totalCount: number
    }
  }
}

beforeAll(async () => {
  const { db } = graphql
  await addWorkspace(db, 'one')
  await upsertConnection(db, 'one', connection({ id: 'other', platformAccountId: '2' }))
  const wish = { accountId: 'account', origin: 'request', publicationIds: null } as const
  const add = (id: string, at: number, accountId = 'account') =>
    insertRefresh(db, 'one', { ...wish, id, accountId, requestedAt: later(at), chargedAt: null })
  const spent = { updated: 3, failed: 1, upstreamCalls: 2 }
  await add('elsewhere', 9, 'other')
  await add('first', 0)
  const broken = { ...spent, status: 'failed', errorMessage: 'No answer.' } as const
  await finishRefresh(db, 'one', 'first', { ...broken, finishedAt: later(1) })
  await add('second', 2)
  await startRefresh(db, 'one', 'second', later(3))
  const ended = { ...spent, status: 'partial', errorMessage: null } as const
  await finishRefresh(db, 'one', 'second', { ...ended, finishedAt: later(4) })
  await add('third', 5)
})

test('an account lists its own refreshes, newest first, with how far each has come', async () => {
  const { data } = await graphql.query<Answer, object>(REFRESHES, { id: 'account' })
  const at = (milliseconds: number) => later(milliseconds).toISOString()
  const account = { localId: 'account' }
  const spent = { updated: 3, failed: 1, upstreamCalls: 2 }
  const none = { updated: 0, failed: 0, upstreamCalls: 0, errorMessage: null }
  const unfinished = { startedAt: null, finishedAt: null }
  expect(data.account.refreshes.nodes).toEqual([
    { account, ...none, ...unfinished, status: 'QUEUED', requestedAt: at(5) },
    {
      ...{ account, ...spent, status: 'PARTIAL', errorMessage: null },
      ...{ requestedAt: at(2), startedAt: at(3), finishedAt: at(4) },
    },
    {
      ...{ account, ...spent, status: 'FAILED', errorMessage: 'No answer.' },
      ...{ requestedAt: at(0), startedAt: null, finishedAt: at(1) },
    },
  ])
  expect(data.account.refreshes.totalCount).toBe(3)
})

test('a page of refreshes goes on where it ended', async () => {
  const first = await graphql.query<Answer, object>(REFRESHES, { id: 'account', first: 2 })
  const { nodes, pageInfo } = first.data.account.refreshes
  expect(nodes.map(({ status }) => status)).toEqual(['QUEUED', 'PARTIAL'])
  expect(pageInfo.hasNextPage).toBe(true)
  const next = { id: 'account', first: 2, after: pageInfo.endCursor }
  const { refreshes } = (await graphql.query<Answer, object>(REFRESHES, next)).data.account
  expect(refreshes.nodes.map(({ status }) => status)).toEqual(['FAILED'])
  expect(refreshes.pageInfo.hasNextPage).toBe(false)
})
