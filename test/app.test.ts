import { expect, test } from 'vitest'
import { PLATFORMS } from '../src/domain/platform.ts'
import { NOW, startGateway, WORKSPACE } from './support/gateway.ts'

const ACCOUNT = /* GraphQL */ `
  query ($id: ID!) {
    account(id: $id) {
      handle
      displayName
      connection { status }
      audience { followers }
      freshness { status errorMessage }
      posts(first: 1) { totalCount nodes { text normalized { likes } } }
      videos { totalCount }
    }
  }
`

test('an account connected with nothing but a token shows its profile, posts and videos', async () => {
  await using gateway = await startGateway()
  const platforms = new Set(gateway.simulator.world.accounts.map(({ platform }) => platform))
  expect(platforms.size).toBeGreaterThanOrEqual(3)
  for (const platform of PLATFORMS.filter((each) => platforms.has(each))) {
    const simulated = gateway.simulator.world.accounts.find((each) => each.platform === platform)
    if (!simulated) throw new Error('There is no account.')
    const { id } = await gateway.connect(simulated)
    await gateway.settled()
    const { data } = await gateway.query<{ account: Record<string, unknown> }>(ACCOUNT, { id })
    expect(data.account).toMatchObject({
      ...{ displayName: simulated.displayName, connection: { status: 'CONNECTED' } },
      freshness: { status: 'SYNCED', errorMessage: null },
      audience: { followers: expect.any(Number) },
      posts: { nodes: [{ text: expect.any(String), normalized: { likes: expect.any(Number) } }] },
      videos: { totalCount: expect.any(Number) },
    })
  }
  expect(gateway.logged).toEqual([])
})

test('a refresh moves the numbers as time passes', async () => {
  await using gateway = await startGateway()
  const [simulated] = gateway.simulator.world.accounts
  if (!simulated) throw new Error('There is no account.')
  const { id } = await gateway.connect(simulated, { localId: 'acc_1' })
  expect(id).toBe('acc_1')
  await gateway.settled()
  const followers = async () => {
    const { data } = await gateway.query<{ account: { audience: { followers: number } } }>(
      '{ account(id: "acc_1") { audience { followers } } }',
    )
    return data.account.audience.followers
  }
  const before = await followers()
  gateway.clock.now = new Date(NOW.getTime() + 7 * 3_600_000)
  const mutation = 'mutation { refreshAccount(accountId: "acc_1") { __typename } }'
  const { data } = await gateway.query(mutation)
  expect(data).toEqual({ refreshAccount: { __typename: 'RefreshQueued' } })
  await gateway.settled()
  expect(await followers()).toBeGreaterThan(before)
})

test('a key of another workspace, or with too little scope, sees and does nothing', async () => {
  await using gateway = await startGateway({ isWorker: false })
  const key = await gateway.keyWith(['analytics:read'])
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const query = 'mutation { disconnectAccount(accountId: "a") { __typename } }'
  const forbidden = await gateway.fetch({
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  })
  expect(await forbidden.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  const nobody = { ...headers, authorization: 'Bearer nobody' }
  const body = JSON.stringify({ query: '{ workspace { id } }' })
  expect((await gateway.fetch({ method: 'POST', headers: nobody, body })).status).toBe(401)
  const { data } = await gateway.query('{ workspace { name } }')
  expect(data).toEqual({ workspace: { name: WORKSPACE } })
})

test('a gateway that is left open is noticed', async () => {
  const gateway = await startGateway({ isWorker: false })
  const timer = setTimeout(() => {}, 60_000)
  await expect(gateway[Symbol.asyncDispose]()).rejects.toThrow('Left behind: Timeout.')
  clearTimeout(timer)
})
