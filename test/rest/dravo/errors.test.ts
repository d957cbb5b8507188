import { expect, test } from 'vitest'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const PATH = '/v1/analytics/accounts'

async function refusal(answer: Promise<Response>): Promise<[number, unknown]> {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('x-request-id')).toMatch(/^[\w-]+$/)
  return [response.status, await response.json()]
}

const ask = (gateway: Gateway, path: string, init?: RequestInit) =>
  refusal(gateway.rest(path, init))

test('without a key nothing is answered, nor with a wrong one', async () => {
  await using gateway = await startGateway()
  const bare = refusal(gateway.app.rest.fetch(new Request(`http://gateway.test${PATH}`)))
  expect(await bare).toEqual([401, { detail: 'Missing API key.' }])
  const headers = { authorization: 'Bearer dra_wrong' }
  expect(await ask(gateway, PATH, { headers })).toEqual([401, { detail: 'Invalid API key.' }])
  const { headers: shown } = await gateway.rest(PATH, { headers })
  expect(shown.get('www-authenticate')).toBe('Bearer')
})

test('a key without the scope is told which one it lacks', async () => {
  await using gateway = await startGateway()
  const headers = { authorization: `Bearer ${await gateway.keyWith(['workspace:manage'])}` }
  expect(await ask(gateway, PATH, { headers })).toEqual([
    403,
    { detail: 'The API key lacks the scope analytics:read.' },
  ])
})

test.each(['/v1', '/v1/', '/v1/nothing', `${PATH}/`, '/v1/%00', '/v1/analytics/%'])(
  'an unknown path is answered in the envelope: %s',
  async (path) => {
    await using gateway = await startGateway()
    expect(await ask(gateway, path)).toEqual([404, { detail: 'Not found.' }])
  },
)

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
  await using gateway = await startGateway()
  const response = await gateway.rest(PATH, { method })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, HEAD')
  expect(await response.json()).toEqual({ detail: 'Use GET or HEAD here.' })
})

test('who asks too often is told when to ask again', async () => {
  const environment = { WEIR_RATE_DRAVO_PER_MINUTE: '2' }
  await using gateway = await startGateway({ environment })
  expect((await gateway.rest(PATH)).status).toBe(200)
  expect((await gateway.rest(PATH)).status).toBe(200)
  const response = await gateway.rest(PATH)
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30'])
  expect(await response.json()).toEqual({ detail: 'Too many requests. Try again in 30 s.' })
  const other = { authorization: `Bearer ${await gateway.keyWith(['analytics:read'])}` }
  expect((await gateway.rest(PATH, { headers: other })).status).toBe(200)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 30_000)
  expect((await gateway.rest(PATH)).status).toBe(200)
})

test('of a crash, only the log hears more than the request id', async () => {
  await using gateway = await startGateway()
  await gateway.rest(PATH)
  await gateway.db.schema.alterTable('account').renameTo('gone').execute()
  const response = await gateway.rest(PATH, { headers: { 'x-request-id': 'mine-1' } })
  await gateway.db.schema.alterTable('gone').renameTo('account').execute()
  expect(response.status).toBe(500)
  expect(response.headers.get('x-request-id')).toBe('mine-1')
  expect(await response.json()).toEqual({ detail: 'Something broke. Try again later.' })
  expect(gateway.logged).toMatchObject([
    { fields: { path: PATH, requestId: 'mine-1' }, message: 'request failed' },
  ])
})
