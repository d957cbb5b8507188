import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerTo } from '../../../src/rest/mosaic/errors.ts'
import { addWorkspace, type Gateway, NOW, startGateway } from '../../support/gateway.ts'
import { CONNECTION_ID, fillExample, fillPost, POST_ID, pathOf } from './published.ts'

const PATH = pathOf(POST_ID)

async function refusal(answer: Promise<Response>): Promise<[number, string, string]> {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('x-request-id')).toMatch(/^[\w=-]+$/)
  const body = (await response.json()) as { detail: string; error: string }
  expect(Object.keys(body)).toEqual(['detail', 'error'])
  return [response.status, body.error, body.detail]
}

const ask = (gateway: Gateway, path: string, init?: RequestInit) =>
  refusal(gateway.rest(path, init))

test('without a key nothing is answered, nor with a wrong one', async () => {
  await using gateway = await startGateway()
  const bare = refusal(gateway.app.rest.fetch(new Request(`http://gateway.test${PATH}`)))
  expect(await bare).toEqual([401, 'invalid_api_key', 'No API key was sent.'])
  const wrong = [401, 'invalid_api_key', 'The API key is not valid.']
  expect(await ask(gateway, PATH, { headers: { authorization: 'Bearer mk_wrong' } })).toEqual(wrong)
  expect(await ask(gateway, PATH, { headers: { 'x-api-key': 'mk_wrong' } })).toEqual(wrong)
})

test('a key may stand where older clients send it', async () => {
  await using gateway = await startGateway()
  await fillExample(gateway)
  const response = await gateway.rest(PATH, { headers: { 'x-api-key': gateway.key } })
  expect(response.status).toBe(200)
})

test('a key without the scope is told which one it lacks', async () => {
  await using gateway = await startGateway()
  const headers = { authorization: `Bearer ${await gateway.keyWith(['workspace:manage'])}` }
  expect(await ask(gateway, PATH, { headers })).toEqual([
    ...[403, 'forbidden', 'The API key lacks the scope analytics:read.'],
  ])
})

test('an unknown post is not found, and what is no id is refused', async () => {
  await using gateway = await startGateway()
  await fillPost(gateway, [{ platform: 'x' }])
  const unknown = [404, 'not_found', 'There is no such post.']
  const ids = [POST_ID, 'post_2', 'native_0', 'pub_0', 'a\0b', 'a/b', '%', 'a'.repeat(512)]
  for (const id of ids) {
    expect([id, ...(await ask(gateway, pathOf(id)))]).toEqual([id, ...unknown])
    expect([id, ...(await ask(gateway, pathOf(id, CONNECTION_ID)))]).toEqual([id, ...unknown])
  }
  expect(await ask(gateway, pathOf(' '))).toEqual([
    ...[422, 'validation_error', 'post_id must not be empty.'],
  ])
  expect(await ask(gateway, pathOf('a'.repeat(513)))).toEqual([
    ...[422, 'parameter_out_of_range', 'post_id must have at most 512 characters.'],
  ])
})

test('a connection that is none is refused, wherever the post is', async () => {
  await using gateway = await startGateway()
  await fillExample(gateway)
  const bad = ['', ' ', 'x', 'acc_none', `${CONNECTION_ID}0`, CONNECTION_ID.replaceAll('-', '')]
  for (const id of [...bad, `{${CONNECTION_ID}}`, 'a\0b', '9'.repeat(2000)]) {
    for (const postId of [POST_ID, 'nowhere']) {
      expect([id, ...(await ask(gateway, pathOf(postId, id)))]).toEqual([
        ...[id, 422, 'validation_error', 'social_connection_id must be a uuid.'],
      ])
    }
  }
  const twice = `${pathOf(POST_ID, CONNECTION_ID)}&social_connection_id=${CONNECTION_ID}`
  expect(await ask(gateway, twice)).toEqual([
    ...[422, 'validation_error', 'social_connection_id must be given once.'],
  ])
})

test('a connection that does not have the post is not found', async () => {
  await using gateway = await startGateway()
  await fillExample(gateway)
  await fillPost(gateway, [{ platform: 'x' }])
  const detail = 'The post was not published to this connection.'
  for (const id of ['acc_x', CONNECTION_ID.replace('c01', 'c09')]) {
    expect(await ask(gateway, pathOf(POST_ID, id))).toEqual([404, 'not_found', detail])
  }
  expect(await ask(gateway, pathOf('post_1', CONNECTION_ID))).toEqual([404, 'not_found', detail])
})

test('an unknown path is answered in the envelope', async () => {
  await using gateway = await startGateway()
  const base = '/social'
  const post = `${base}/post`
  for (const path of [base, `${base}/`, post, `${post}/a`, `${post}//analytics`]) {
    expect([path, ...(await ask(gateway, path))]).toEqual([
      ...[path, 404, 'not_found', 'There is nothing at this path.'],
    ])
  }
})

test('another method is refused', async () => {
  await using gateway = await startGateway()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    expect([method, ...(await ask(gateway, PATH, { method }))]).toEqual([
      ...[method, 405, 'method_not_allowed', 'Use GET or HEAD here.'],
    ])
  }
})

test('who asks too often is told when to ask again', async () => {
  const environment = { WEIR_RATE_MOSAIC_PER_MINUTE: '1' }
  await using gateway = await startGateway({ environment })
  expect((await gateway.rest(PATH)).status).toBe(404)
  const response = await gateway.rest(PATH)
  expect(response.headers.get('retry-after')).toBe('60')
  expect(await refusal(Promise.resolve(response))).toEqual([
    ...[429, 'rate_limit', 'Too many requests. Try again in 60 s.'],
  ])
})

test('of a crash, only the log hears more than the request id', async () => {
  await using gateway = await startGateway()
  await gateway.db.schema.alterTable('post').renameTo('gone').execute()
  const answer = ask(gateway, PATH, { headers: { 'x-request-id': 'mine-1' } })
  expect(await answer).toEqual([500, 'internal_server_error', 'Something broke. Try again later.'])
  await gateway.db.schema.alterTable('gone').renameTo('post').execute()
  expect(gateway.logged).toMatchObject([{ fields: { requestId: 'mine-1' } }])
})

test('a value out of its range has a code of its own', () => {
  const about = {
    kind: 'bad_parameter',
    place: 'query',
    name: 'limit',
    message: 'is wrong',
  } as const
  for (const issue of ['too_big', 'too_small']) {
    expect(answerTo({ ...about, issue }).body.error).toBe('parameter_out_of_range')
  }
  expect(answerTo({ ...about, issue: 'custom' }).body.error).toBe('validation_error')
})

test('another workspace’s ids are answered like unknown ones', async () => {
  await using gateway = await startGateway()
  await fillExample(gateway)
  await fillPost(gateway, [{ platform: 'tiktok' }])
  await addWorkspace(gateway.db, 'ws_other', NOW)
  const key = await gateway.keyWith(['analytics:read'], 'ws_other')
  const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'mine' }
  const answer = async (path: string) => {
    const response = await gateway.rest(path, { headers })
    return [response.status, [...response.headers], await response.text()]
  }
  expect(await answer(PATH)).toEqual(await answer(pathOf('nowhere')))
  expect(await answer(pathOf('nowhere', 'acc_tiktok'))).toEqual(
    await answer(pathOf('nowhere', 'acc_nowhere')),
  )
  expect(await answer(pathOf(POST_ID, CONNECTION_ID))).toEqual(
    await answer(pathOf('nowhere', CONNECTION_ID.replace('c01', 'c09'))),
  )
})

const NAMES = ['social_connection_id', 'refresh', '']
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uuid(),
  fc.constantFrom(POST_ID, CONNECTION_ID, 'acc_x', '%', '%00', '%zz', '\0', '..', '.', ' ', '[]'),
)
const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value), {
  maxLength: 4,
})

test('no id and no query is answered with anything but JSON in the envelope', async () => {
  const environment = { WEIR_RATE_MOSAIC_PER_MINUTE: '1000000' }
  await using gateway = await startGateway({ environment })
  await fillExample(gateway)
  const look = async (id: string, given: [string, string][], isRaw: boolean) => {
    const pairs = given.map(([name, each]) => [name.toWellFormed(), each.toWellFormed()])
    const search = isRaw
      ? pairs.map((pair) => pair.join('=')).join('&')
      : new URLSearchParams(pairs)
    const postId = isRaw ? id.toWellFormed() : encodeURIComponent(id.toWellFormed())
    const url = new URL(`/social/post/${postId}/analytics?${search}`, 'http://gateway.test')
    // A path of dots leads elsewhere before it is sent.
    if (!url.pathname.startsWith('/social/')) return
    const response = await gateway.rest(url.href)
    expect([200, 404, 422]).toContain(response.status)
    const members = response.status === 200 ? ['analytics', 'stats'] : ['detail', 'error']
    expect(Object.keys(Object(await response.json()))).toEqual(members)
  }
  await fc.assert(fc.asyncProperty(value, query, fc.boolean(), look), { numRuns: 300 })
}, 60_000)
