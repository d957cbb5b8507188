import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addWorkspace, type Gateway, NOW } from '../../support/gateway.ts'
import { connect, pathOf, withDocumented } from './connected.ts'

const PATH = pathOf('sa_twitter_1')

async function refusal(answer: Promise<Response>): Promise<[number, string, string]> {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/json')
  const { error, request_id, ...rest } = (await response.json()) as {
    error: { code: string; normalized_code: string; message: string }
    request_id: string
  }
  expect(rest).toEqual({})
  expect(Object.keys(error)).toEqual(['code', 'normalized_code', 'message'])
  expect(error.normalized_code).toBe(error.code.toLowerCase())
  expect(request_id).toBe(response.headers.get('x-request-id'))
  return [response.status, error.code, error.message]
}

const ask = (gateway: Gateway, path: string, init?: RequestInit) =>
  refusal(gateway.rest(path, init))

test('without a key nothing is answered, nor with a wrong one', async () => {
  await using gateway = await withDocumented()
  const bare = refusal(gateway.app.rest.fetch(new Request(`http://gateway.test${PATH}`)))
  expect(await bare).toEqual([401, 'UNAUTHORIZED', 'No API key or dashboard token was sent.'])
  const headers = { authorization: 'Bearer up_live_wrong' }
  expect(await ask(gateway, PATH, { headers })).toEqual([
    ...[401, 'UNAUTHORIZED', 'The API key or dashboard token is not valid.'],
  ])
})

test('a key without the scope is told which one it lacks', async () => {
  await using gateway = await withDocumented()
  const headers = { authorization: `Bearer ${await gateway.keyWith(['workspace:manage'])}` }
  expect(await ask(gateway, PATH, { headers })).toEqual([
    ...[403, 'FORBIDDEN', 'The API key or dashboard token lacks the scope analytics:read.'],
  ])
})

test('an unknown account is not found, and what is no id is refused', async () => {
  await using gateway = await withDocumented()
  const unknown = [404, 'NOT_FOUND', 'There is no such account.']
  for (const id of ['nowhere', 'sa_twitter_2', 'a\0b', 'a/b', '%', '%2e%2e', 'a'.repeat(512)]) {
    expect([id, ...(await ask(gateway, pathOf(id)))]).toEqual([id, ...unknown])
  }
  const code = 'BAD_REQUEST'
  expect(await ask(gateway, pathOf(' '))).toEqual([400, code, 'account_id must not be empty.'])
  expect(await ask(gateway, pathOf('a'.repeat(513)))).toEqual([
    ...[400, code, 'account_id must have at most 512 characters.'],
  ])
})

test('an unknown path is answered in the envelope', async () => {
  await using gateway = await withDocumented()
  const base = '/v1/accounts'
  for (const path of [base, `${base}/`, `${base}/sa_twitter_1`, `${base}//metrics`, `${PATH}/`]) {
    expect([path, ...(await ask(gateway, path))]).toEqual([
      ...[path, 404, 'NOT_FOUND', 'There is nothing at this path.'],
    ])
  }
})

test('another method is refused', async () => {
  await using gateway = await withDocumented()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    expect([method, ...(await ask(gateway, PATH, { method }))]).toEqual([
      ...[method, 405, 'METHOD_NOT_ALLOWED', 'Use GET or HEAD here.'],
    ])
  }
})

test('who asks too often is told when to ask again', async () => {
  const environment = { WEIR_RATE_UNIPOST_PER_MINUTE: '1' }
  await using gateway = await withDocumented({ environment })
  expect((await gateway.rest(PATH)).status).toBe(200)
  const response = await gateway.rest(PATH)
  expect(response.headers.get('retry-after')).toBe('60')
  expect(await refusal(Promise.resolve(response))).toEqual([
    ...[429, 'RATE_LIMITED', 'Too many requests. Try again in 60 s.'],
  ])
})

test('of a crash, only the log hears more than the request id', async () => {
  await using gateway = await withDocumented()
  await gateway.db.schema.alterTable('account').renameTo('gone').execute()
  const answer = ask(gateway, PATH, { headers: { 'x-request-id': 'mine-1' } })
  expect(await answer).toEqual([500, 'INTERNAL_ERROR', 'Something broke. Try again later.'])
  await gateway.db.schema.alterTable('gone').renameTo('account').execute()
  expect(gateway.logged).toMatchObject([{ fields: { path: PATH, requestId: 'mine-1' } }])
})

test('another workspace’s account is answered like an unknown one', async () => {
  await using gateway = await withDocumented()
  await connect(gateway, 'linkedin', { localId: 'sa_linkedin_1' })
  await addWorkspace(gateway.db, 'ws_other', NOW)
  const key = await gateway.keyWith(['analytics:read'], 'ws_other')
  const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'mine' }
  const answer = async (id: string) => {
    const response = await gateway.rest(pathOf(id), { headers })
    return [response.status, [...response.headers], await response.text()]
  }
  const unknown = await answer('nowhere')
  expect(await answer('sa_twitter_1')).toEqual(unknown)
  expect(await answer('sa_linkedin_1')).toEqual(unknown)
})

const id = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc.constantFrom('sa_linkedin_1', '%', '%00', '%zz', '..', '.', '/', '\0', ' '),
)

test('no id and no query is answered with anything but JSON in the envelope', async () => {
  const environment = { WEIR_RATE_UNIPOST_PER_MINUTE: '1000000' }
  await using gateway = await withDocumented({ environment })
  await connect(gateway, 'linkedin', { localId: 'sa_linkedin_1' })
  const look = async (given: string, query: string, isRaw: boolean) => {
    const text = given.toWellFormed()
    const path = `/v1/accounts/${isRaw ? text : encodeURIComponent(text)}/metrics`
    const url = new URL(`${path}?${query.toWellFormed()}`, 'http://gateway.test')
    // A path of dots leads elsewhere before it is sent.
    if (!url.pathname.startsWith('/v1/accounts/')) return
    const [status] = await ask(gateway, url.href)
    expect([400, 404, 501]).toContain(status)
  }
  await fc.assert(fc.asyncProperty(id, fc.string(), fc.boolean(), look), { numRuns: 300 })
}, 60_000)
