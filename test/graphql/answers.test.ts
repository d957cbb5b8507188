import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { recordChanges } from '../../src/store/changes.ts'
import { addWorkspace, type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { addAccounts } from '../support/rows.ts'

const METRICS_TOKEN = 'metrics-token-of-the-test'

let gateway: Gateway
beforeAll(async () => {
  const environment = { WEIR_METRICS_TOKEN: METRICS_TOKEN }
  gateway = await startGateway({ isWorker: false, isServing: true, environment })
  await addWorkspace(gateway.db, 'other', NOW)
})
afterAll(() => gateway[Symbol.asyncDispose]())

const POSTS = '{ posts { totalCount } workspace { id } }'

interface Options {
  key?: string
  accept?: string
  method?: 'GET' | 'POST'
  atLeast?: string
  variables?: object
}

async function ask(query: string, options: Options = {}) {
  const { key = gateway.key, accept, method = 'POST', atLeast, variables } = options
  const body = JSON.stringify({ query, variables })
  const url = `${gateway.app.url}/graphql`
  gateway.heard.length = 0
  const response = await fetch(
    method === 'GET' ? `${url}?query=${encodeURIComponent(query)}` : url,
    {
      method,
      headers: {
        ...{ authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(accept && { accept }),
        ...(atLeast && { 'weir-version': atLeast }),
      },
      ...(method === 'POST' && { body }),
    },
  )
  const text = await response.text()
  await gateway.app.authenticator.settle()
  const statements = gateway.heard.filter((sql) => !sql.includes('"api_key"'))
  const version = response.headers.get('weir-version')
  const type = response.headers.get('content-type')
  return { status: response.status, version, type, statements, ...JSON.parse(text) }
}

async function chargedSoFar(): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
  const text = await (await fetch(`${gateway.app.url}/metrics`, { headers })).text()
  return Number(/^weir_operation_cost_total (\d+)$/m.exec(text)?.[1])
}

const change = (workspace = WORKSPACE) =>
  gateway.db.transaction().execute((transaction) => recordChanges(transaction, workspace, NOW, {}))

describe('an answer', () => {
  beforeEach(async () => {
    await change()
    await ask(POSTS)
  })

  test.each(['POST', 'GET'] as const)(
    'to a %s is given again without a statement',
    async (method) => {
      const first = await ask(POSTS, { method })
      const again = await ask(POSTS, { method })
      expect(again.statements).toEqual([])
      expect({ ...again, extensions: null }).toEqual({ ...first, statements: [], extensions: null })
      expect(again.data.workspace).toEqual({ id: expect.any(String) })
    },
  )

  test('that is given again costs as much as before', async () => {
    const [first, again] = [await ask(POSTS), await ask(POSTS)]
    const { requested, remaining } = first.extensions.cost
    expect(requested).toBeGreaterThan(0)
    expect(again.extensions.cost).toMatchObject({ requested, remaining: remaining - requested })
    const before = await chargedSoFar()
    await ask(POSTS)
    expect(await chargedSoFar()).toBe(before + requested)
  })

  test('is made anew once data of the workspace has changed, and says so', async () => {
    const before = await ask(POSTS)
    await change('other')
    expect((await ask(POSTS)).statements).toEqual([])
    await change()
    const after = await ask(POSTS)
    expect(after.statements).not.toEqual([])
    expect(Number(after.version)).toBe(Number(before.version) + 1)
  })

  test('is another workspace’s never', async () => {
    const key = await gateway.keyWith(['analytics:read'], 'other')
    const [own, other] = [await ask(POSTS), await ask(POSTS, { key })]
    expect(other.data.workspace.id).not.toBe(own.data.workspace.id)
    expect((await ask(POSTS, { key })).data).toEqual(other.data)
    expect((await ask(POSTS)).data).toEqual(own.data)
  })

  test('is shared by keys that may see the same, and by no others', async () => {
    const scopes = ['workspace:manage', 'analytics:refresh', 'analytics:read'] as const
    const [same, fewer] = [await gateway.keyWith([...scopes]), await gateway.keyWith([])]
    expect((await ask(POSTS, { key: same })).statements).toEqual([])
    expect((await ask(POSTS, { key: fewer })).errors[0].extensions.code).toBe('FORBIDDEN')
  })

  test('is not given again to a key that is gone', async () => {
    expect((await ask(POSTS, { key: 'test_gone' })).status).toBe(401)
  })

  test('differs with the variables, the document and the media type', async () => {
    const query = 'query ($n: Int) { posts(first: $n) { nodes { id } } }'
    await ask(query, { variables: { n: 1 } })
    expect((await ask(query, { variables: { n: 2 } })).statements).not.toEqual([])
    expect((await ask(query, { variables: { n: 2 } })).statements).toEqual([])
    const accept = 'application/graphql-response+json'
    expect((await ask(POSTS, { accept })).type).toBe(`${accept}; charset=utf-8`)
    expect((await ask(POSTS, { accept })).type).toBe(`${accept}; charset=utf-8`)
    expect((await ask(POSTS)).type).toBe('application/json; charset=utf-8')
  })

  test('of a version that is not here yet is read from the database', async () => {
    const { version } = await ask(POSTS)
    expect((await ask(POSTS, { atLeast: version })).statements).toEqual([])
    const next = await ask(POSTS, { atLeast: String(Number(version) + 1) })
    expect(next.statements).not.toEqual([])
  })
})

describe('what is never given again:', () => {
  test('an answer with errors', async () => {
    const query = '{ workspace { id } bad: accounts(first: 0) { totalCount } }'
    const first = await ask(query)
    expect(first.errors).toHaveLength(1)
    expect((await ask(query)).statements).toEqual(first.statements)
    for (const _ of [1, 2]) expect((await ask('{ nothing }')).errors).toHaveLength(1)
  })

  test('a mutation, which each time says as of which version it has been done', async () => {
    const query = 'mutation { disconnectAccount(accountId: "none") { __typename } }'
    expect((await ask(query)).statements).not.toEqual([])
    expect((await ask(query)).statements).not.toEqual([])
    await addAccounts(gateway.db, WORKSPACE, ['leaving'])
    const { version } = await ask(POSTS)
    const leave = 'mutation { disconnectAccount(accountId: "leaving") { __typename } }'
    const left = await ask(leave)
    expect(left.data.disconnectAccount).toEqual({ __typename: 'DisconnectAccountSucceeded' })
    expect(left.version).toBe(String(Number(version) + 1))
    expect((await ask(POSTS)).version).toBe(left.version)
  })

  test('a mutation that was asked for by GET, nor is it done', async () => {
    const query = 'mutation { disconnectAccount(accountId: "none") { __typename } }'
    for (const _ of [1, 2]) expect((await ask(query, { method: 'GET' })).status).toBe(405)
  })

  test.each(['refreshQuota { used limit }', 'upstream { callsToday }'])(
    'what is different at every moment: %s',
    async (field) => {
      const query = `{ workspace { ${field} } }`
      const first = await ask(query)
      expect(first.errors).toBeUndefined()
      expect((await ask(query)).statements).toEqual(first.statements)
    },
  )
})

test('an answer is made anew when something in it becomes stale', async () => {
  const staleAfter = new Date(NOW.getTime() + 60_000)
  await addAccounts(gateway.db, WORKSPACE, ['fresh'])
  await gateway.db.updateTable('account').set({ stale_after: staleAfter }).execute()
  await change()
  const query = '{ accounts { nodes { freshness { isStale } } } }'
  const isStale = async () => {
    const { data, statements } = await ask(query)
    return [data.accounts.nodes[0].freshness.isStale, statements.length > 0]
  }
  expect(await isStale()).toEqual([false, true])
  gateway.clock.now = new Date(staleAfter.getTime() - 1)
  expect(await isStale()).toEqual([false, false])
  gateway.clock.now = staleAfter
  expect(await isStale()).toEqual([true, true])
  expect(await isStale()).toEqual([true, false])
  gateway.clock.now = NOW
})
