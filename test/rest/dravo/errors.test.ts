import { describe, expect, test } from 'vitest'
import { createApiKey } from '../../../src/auth/keys.ts'
import { revokeApiKey } from '../../../src/store/api-keys.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../../support/gateway.ts'

const INVALID = { detail: 'The API key or dashboard token is not valid.' }
const PATHS = ['/v1/analytics/accounts', '/v1/analytics/posts']

async function refusal(answer: Promise<Response>): Promise<[number, unknown]> {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('x-request-id')).toMatch(/^[\w-]+$/)
  return [response.status, await response.json()]
}

const ask = (gateway: Gateway, path: string, init?: RequestInit) =>
  refusal(gateway.rest(path, init))

test.each(['/v1', '/v1/', '/v1/nothing', `${PATHS[0]}/`, '/v1/%00', '/v1/analytics/%'])(
  'an unknown path is answered in the envelope: %s',
  async (path) => {
    await using gateway = await startGateway()
    expect(await ask(gateway, path)).toEqual([404, { detail: 'There is nothing at this path.' }])
  },
)

describe.each(PATHS)('%s', (path) => {
  test('is 401 without a key, and with a wrong one', async () => {
    await using gateway = await startGateway()
    const bare = refusal(gateway.app.rest.fetch(new Request(`http://gateway.test${path}`)))
    expect(await bare).toEqual([401, { detail: 'No API key or dashboard token was sent.' }])
    const headers = { authorization: 'Bearer dra_wrong' }
    expect(await ask(gateway, path, { headers })).toEqual([401, INVALID])
    const { headers: shown } = await gateway.rest(path, { headers })
    expect(shown.get('www-authenticate')).toBe('Bearer')
  })

  test('is 401 to a key that has expired, and to one that was revoked', async () => {
    await using gateway = await startGateway()
    for (const id of ['expired', 'revoked']) {
      const expiresAt = id === 'expired' ? NOW : null
      const request = { id, name: id, prefix: 'dra', scopes: ['analytics:read'] as const }
      const key = await createApiKey(gateway.db, WORKSPACE, {
        ...request,
        createdAt: NOW,
        expiresAt,
      })
      if (id === 'revoked') await revokeApiKey(gateway.db, WORKSPACE, id, NOW)
      const headers = { authorization: `Bearer ${key?.text}` }
      expect(await ask(gateway, path, { headers })).toEqual([401, INVALID])
    }
  })

  test('is 403 to a key without the scope, which is named', async () => {
    await using gateway = await startGateway()
    const headers = { authorization: `Bearer ${await gateway.keyWith(['workspace:manage'])}` }
    expect(await ask(gateway, path, { headers })).toEqual([
      403,
      { detail: 'The API key or dashboard token lacks the scope analytics:read.' },
    ])
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is 405 with %s', async (method) => {
    await using gateway = await startGateway()
    const response = await gateway.rest(path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    expect(await response.json()).toEqual({ detail: 'Use GET or HEAD here.' })
  })

  test('is 429 to a key that asks too often, with when to ask again', async () => {
    const environment = { WEIR_RATE_DRAVO_PER_MINUTE: '2' }
    await using gateway = await startGateway({ environment })
    expect((await gateway.rest(path)).status).toBe(200)
    expect((await gateway.rest(path)).status).toBe(200)
    const response = await gateway.rest(path)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30'])
    expect(await response.json()).toEqual({ detail: 'Too many requests. Try again in 30 s.' })
    const other = { authorization: `Bearer ${await gateway.keyWith(['analytics:read'])}` }
    expect((await gateway.rest(path, { headers: other })).status).toBe(200)
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 30_000)
    expect((await gateway.rest(path)).status).toBe(200)
  })

  test('is 500 when something breaks, of which only the log hears more than the request id', async () => {
    await using gateway = await startGateway()
    const table = path.endsWith('posts') ? 'publication' : 'account'
    await gateway.rest(path)
    await gateway.db.schema.alterTable(table).renameTo('gone').execute()
    const response = await gateway.rest(path, { headers: { 'x-request-id': 'mine-1' } })
    await gateway.db.schema.alterTable('gone').renameTo(table).execute()
    expect(response.status).toBe(500)
    expect(response.headers.get('x-request-id')).toBe('mine-1')
    expect(await response.json()).toEqual({ detail: 'Something broke. Try again later.' })
    expect(gateway.logged).toMatchObject([
      { fields: { path, requestId: 'mine-1' }, message: 'request failed' },
    ])
  })
})
