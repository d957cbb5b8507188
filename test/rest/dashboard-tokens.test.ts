import { expect, test } from 'vitest'
import { addWorkspace, type Gateway, startGateway } from '../support/gateway.ts'
import { claimsAt, JWT_ENVIRONMENT, keyPair, seconds, signed, startIssuer } from '../support/jwt.ts'

const DRAVO = '/v1/analytics/accounts'
const UNIPOST = '/v1/accounts/acc_none/metrics'
const MOSAIC = '/social/post/post_none/analytics?social_connection_id=acc_none'
const TOKPORTAL = '/api/ext/accounts/acc_none/analytics'
const INVALID = { detail: 'The API key or dashboard token is not valid.' }

function start(environment: Record<string, string> = {}) {
  return startGateway({ isWorker: false, environment: { ...JWT_ENVIRONMENT, ...environment } })
}

const tokenOf = (gateway: Gateway, more: object = {}) => signed(claimsAt(gateway.clock.now, more))

async function ask(gateway: Gateway, token: string, path = DRAVO): Promise<[number, unknown]> {
  const response = await gateway.rest(path, { headers: { authorization: `Bearer ${token}` } })
  return [response.status, await response.json()]
}

async function withAccount(gateway: Gateway): Promise<void> {
  const [first] = gateway.simulator.world.accounts
  if (first) await gateway.connect(first, { localId: 'acc_1' })
}

test('a token reads the accounts of its workspace, and of no other', async () => {
  await using gateway = await start({ WEIR_REST_REFRESH_BUDGET_MS: '0' })
  await addWorkspace(gateway.db, 'ws_other', gateway.clock.now)
  await withAccount(gateway)
  const [status, body] = await ask(gateway, await tokenOf(gateway))
  expect([status, body]).toMatchObject([200, { total: 1 }])
  const other = await tokenOf(gateway, { workspace_id: 'ws_other' })
  expect(await ask(gateway, other)).toMatchObject([200, { total: 0 }])
})

test('a token that is refused is 401, whatever is wrong with it', async () => {
  await using gateway = await start()
  const now = seconds(gateway.clock.now)
  const wrong = [{ exp: now - 60 }, { nbf: now + 60 }, { aud: 'other' }, { workspace_id: 'none' }]
  const tokens = await Promise.all(wrong.map((claims) => tokenOf(gateway, claims)))
  for (const token of [...tokens, `${await tokenOf(gateway)}x`, 'a.b.c']) {
    expect(await ask(gateway, token)).toEqual([401, INVALID])
  }
})

test('a token without the scope is 403', async () => {
  await using gateway = await start()
  const token = await tokenOf(gateway, { scope: 'analytics:refresh' })
  expect(await ask(gateway, token)).toEqual([
    403,
    { detail: 'The API key or dashboard token lacks the scope analytics:read.' },
  ])
})

test('a subject has one limit, however many tokens it shows, and every other its own', async () => {
  await using gateway = await start({ WEIR_RATE_DRAVO_PER_MINUTE: '2' })
  await addWorkspace(gateway.db, 'ws_other', gateway.clock.now)
  const statuses = []
  for (const jti of ['1', '2', '3']) {
    statuses.push((await ask(gateway, await tokenOf(gateway, { jti })))[0])
  }
  expect(statuses).toEqual([200, 200, 429])
  for (const more of [{ sub: 'user-2' }, { workspace_id: 'ws_other' }]) {
    expect((await ask(gateway, await tokenOf(gateway, more)))[0]).toBe(200)
  }
  expect((await ask(gateway, gateway.key))[0]).toBe(200)
})

test('only those take tokens whose documents do', async () => {
  await using gateway = await start()
  const scope = 'analytics:read analytics:refresh workspace:manage'
  const token = await tokenOf(gateway, { scope })
  expect((await ask(gateway, token, UNIPOST))[0]).toBe(404)
  for (const path of [MOSAIC, TOKPORTAL]) {
    expect([path, (await ask(gateway, token, path))[0]]).toEqual([path, 401])
    expect([path, (await ask(gateway, gateway.key, path))[0]]).not.toEqual([path, 401])
  }
  const headers = { 'x-api-key': token }
  expect((await gateway.rest(TOKPORTAL, { headers })).status).toBe(401)
})

test('while the issuer is away, who knows its keys goes on, and others answer with a fault', async () => {
  const { jwk, ...signing } = await keyPair('RS256', 'one')
  await using issuer = await startIssuer([jwk])
  await using gateway = await start({ WEIR_JWT_SECRET: '', WEIR_JWT_JWKS_URL: issuer.url })
  const token = await signed(claimsAt(gateway.clock.now), signing)
  expect((await ask(gateway, token))[0]).toBe(200)
  issuer.answer = null
  const later = await signed(claimsAt(gateway.clock.now, { jti: '2' }), signing)
  expect((await ask(gateway, later))[0]).toBe(200)
  await using other = await start({ WEIR_JWT_SECRET: '', WEIR_JWT_JWKS_URL: issuer.url })
  expect(await ask(other, token)).toEqual([500, { detail: 'Something broke. Try again later.' }])
  expect(other.logged).toMatchObject([{ fields: { path: DRAVO }, message: 'request failed' }])
  expect(String(Object.values(other.logged[0]?.fields ?? {})[0])).toMatch(/could not be had: \w/)
})
