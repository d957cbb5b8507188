import { expect, test } from 'vitest'
import { eventsOf, subscriptionRequest } from '../support/events.ts'
import { addWorkspace, type Gateway, startGateway } from '../support/gateway.ts'
import { claimsAt, JWT_ENVIRONMENT, keyPair, seconds, signed, startIssuer } from '../support/jwt.ts'

const WORKSPACE = '{ workspace { name } }'
const REFRESH = 'mutation { refreshAccount(accountId: "acc_1") { __typename } }'
const STEPS = 'subscription { refreshUpdated { status } }'

function start(environment: Record<string, string> = JWT_ENVIRONMENT) {
  return startGateway({ isWorker: false, environment })
}

const tokenOf = (gateway: Gateway, more: object = {}) => signed(claimsAt(gateway.clock.now, more))

async function ask(gateway: Gateway, token: string, query = WORKSPACE) {
  const response = await gateway.fetch({
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = await response.json()
  return { status: response.status, data, code: errors?.[0]?.extensions.code }
}

async function follow(gateway: Gateway, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  return eventsOf(await gateway.fetch(subscriptionRequest(STEPS, headers)))
}

function account({ simulator }: Gateway, index = 0) {
  const found = simulator.world.accounts[index]
  if (!found) throw new Error('There is no account.')
  return found
}

test('a token sees its workspace, and no other', async () => {
  await using gateway = await start()
  await addWorkspace(gateway.db, 'ws_other', gateway.clock.now)
  await gateway.connect(account(gateway), { localId: 'acc_1' })
  const query = '{ workspace { name } account(id: "acc_1") { localId } }'
  expect((await ask(gateway, await tokenOf(gateway), query)).data).toEqual({
    workspace: { name: 'ws_test' },
    account: { localId: 'acc_1' },
  })
  const other = await tokenOf(gateway, { workspace_id: 'ws_other' })
  expect((await ask(gateway, other, query)).data).toEqual({
    workspace: { name: 'ws_other' },
    account: null,
  })
})

test('a token with too few scopes is told so', async () => {
  await using gateway = await start()
  await gateway.connect(account(gateway), { localId: 'acc_1' })
  const bare = await tokenOf(gateway, { scope: 'openid' })
  expect(await ask(gateway, bare)).toMatchObject({ code: 'FORBIDDEN' })
  const reading = await tokenOf(gateway)
  expect(await ask(gateway, reading, REFRESH)).toMatchObject({ code: 'FORBIDDEN' })
  const scope = 'analytics:read analytics:refresh'
  const answer = await ask(gateway, await tokenOf(gateway, { scope }), REFRESH)
  expect(answer).toMatchObject({ status: 200, code: undefined })
})

test('a token that is refused is 401, whatever is wrong with it', async () => {
  await using gateway = await start()
  const now = seconds(gateway.clock.now)
  const wrong = [{ exp: now - 60 }, { nbf: now + 60 }, { iss: 'other' }, { workspace_id: 'none' }]
  const tokens = await Promise.all(wrong.map((claims) => tokenOf(gateway, claims)))
  for (const token of [...tokens, `${await tokenOf(gateway)}x`, 'a.b.c', '..']) {
    expect(await ask(gateway, token)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  }
  expect(gateway.logged).toEqual([])
})

test('without a configuration a token is 401, and keys are taken', async () => {
  await using gateway = await start({})
  expect(await ask(gateway, await tokenOf(gateway))).toMatchObject({ status: 401 })
  expect(await ask(gateway, gateway.key)).toMatchObject({ status: 200 })
})

test('while the issuer is away tokens get a fault, keys an answer, and the log the reason', async () => {
  const pair = await keyPair('ES256', 'one')
  await using issuer = await startIssuer([pair.jwk])
  const { WEIR_JWT_SECRET: _, ...others } = JWT_ENVIRONMENT
  await using gateway = await start({ ...others, WEIR_JWT_JWKS_URL: issuer.url })
  const { jwk: __, ...signing } = pair
  const token = await signed(claimsAt(gateway.clock.now), signing)
  const good = issuer.answer
  issuer.answer = { status: 503, body: '' }
  expect(await ask(gateway, token)).toMatchObject({ status: 500, code: 'INTERNAL_SERVER_ERROR' })
  expect(await ask(gateway, gateway.key)).toMatchObject({ status: 200 })
  const logged = JSON.stringify(gateway.logged)
  expect(logged).toContain('The key set was answered with status 503.')
  expect(logged).not.toContain(token)
  issuer.answer = good
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 5000)
  expect(await ask(gateway, token)).toMatchObject({ status: 200 })
})

test('a token that ends hears of nothing more', async () => {
  await using gateway = await start()
  const token = await tokenOf(gateway, { exp: seconds(gateway.clock.now) + 60 })
  await using events = await follow(gateway, token)
  await using others = await follow(gateway, await tokenOf(gateway))
  await gateway.connect(account(gateway), { localId: 'acc_1' })
  const queued = { data: { refreshUpdated: { status: 'QUEUED' } } }
  expect(await events.next()).toMatchObject(queued)
  expect(await others.next()).toMatchObject(queued)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 65_000)
  await gateway.connect(account(gateway, 1), { localId: 'acc_2' })
  expect(await others.next()).toMatchObject(queued)
  expect(await events.next()).toBeNull()
})
