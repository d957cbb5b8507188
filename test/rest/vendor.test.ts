import { request } from 'node:http'
import { createRoute, z } from '@hono/zod-openapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearerKey } from '../../src/auth/authenticator.ts'
import { SCOPES, type Scope } from '../../src/auth/scopes.ts'
import { type HttpServer, startHttpServer } from '../../src/http/server.ts'
import { createLoaders } from '../../src/loaders/loaders.ts'
import { endpoint, type Vendor } from '../../src/rest/facade.ts'
import type { Db } from '../../src/store/connect.ts'
import { openRest } from './opened.ts'

const Wish = z.object({ size: z.int({ error: 'must be a whole number' }).optional() })
const Thing = z.object({ id: z.string(), size: z.int().nullable(), workspace: z.string() })

const things = endpoint(
  'analytics:refresh',
  createRoute({
    method: 'post',
    path: '/acme/things/{id}',
    request: {
      params: z.object({ id: z.string().max(3, { error: 'is too long' }) }),
      body: { content: { 'application/json': { schema: Wish } } },
    },
    responses: {
      200: { description: 'It.', content: { 'application/json': { schema: Thing } } },
    },
  }),
  (c) => {
    const { size = null } = c.req.valid('json')
    const { id } = c.req.valid('param')
    return c.json({ id, size, workspace: c.var.principal.workspaceId }, 200)
  },
)

const ACME: Vendor = {
  ...{ name: 'Acme', description: 'Things.', prefix: '/acme', sample: '/acme/things/1' },
  rate: { variable: 'ACME', perMinute: 1000 },
  credentials: { AcmeKey: { type: 'apiKey', in: 'header', name: 'X-Acme', description: 'A.' } },
  keyIn: (headers) => headers.get('x-acme') ?? bearerKey(headers.get('authorization')),
  requestIdOf: (id) => `req_${id}`,
  headersOf: ({ requestId, rate }) => ({
    ...{ 'X-Acme-Request': requestId, 'X-Acme-Left': String(rate?.remaining ?? 'unknown') },
  }),
  answerTo: (refusal) => ({ status: refusal.kind === 'no_key' ? 401 : 400, body: { refusal } }),
  errorSchema: z.object({ refusal: z.unknown() }),
  endpoints: [things],
}

// A key is the scopes that it has, or why it is refused.
async function check(key: string) {
  if (key === 'expired' || key === 'revoked' || key === 'unknown') return { kind: key } as const
  const scopes = key.split(',').filter((word): word is Scope => SCOPES.some((one) => one === word))
  return { kind: 'good', principal: { workspaceId: 'w', keyId: key, scopes } } as const
}

// Nothing is read of it.
const loadersFor = () => createLoaders({} as Db, 'w')

let server: HttpServer
beforeAll(async () => {
  const rest = openRest([], { vendors: [ACME], authenticator: { check }, loadersFor })
  server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/', routes: {}, requestTimeoutMs: 10_000 },
    mounts: Object.fromEntries(rest.prefixes.map((prefix) => [prefix, rest.listener])),
    ...{ stopTimeoutMs: 0, log: { info: () => {}, warn: () => {}, error: () => {} } },
  })
})
afterAll(() => server.stop())

const KEY = { 'x-acme': 'analytics:refresh' }
const JSON_TYPE = { 'content-type': 'application/json' }

async function post(headers: Record<string, string>, body?: string, path = '/acme/things/1') {
  const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) }
  const response = await fetch(`${server.url}${path}`, init)
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** The same with a body of unknown length, and with a path as it is written. */
function postInParts(
  headers: Record<string, string>,
  parts: string[],
  path = '/acme/things/1',
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { method: 'POST', headers, path }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
    })
    sent.on('error', reject)
    for (const part of parts) sent.write(part)
    sent.end()
  })
}

describe('a key', () => {
  test('stands where the vendor’s clients send it', async () => {
    const expected = { id: '1', size: null, workspace: 'w' }
    expect((await post(KEY)).body).toEqual(expected)
    expect((await post({ authorization: `Bearer ${KEY['x-acme']}` })).body).toEqual(expected)
    expect((await post({})).body).toEqual({ refusal: { kind: 'no_key' } })
  })

  test.each(['unknown', 'expired', 'revoked'])('that is %s is refused as that', async (state) => {
    expect((await post({ 'x-acme': state })).body).toEqual({ refusal: { kind: `${state}_key` } })
  })

  test('needs the scope of the endpoint', async () => {
    const { body } = await post({ 'x-acme': 'analytics:read' })
    expect(body).toEqual({ refusal: { kind: 'missing_scope', scope: 'analytics:refresh' } })
  })
})

describe('a body', () => {
  test('may be left out, also where it is announced', async () => {
    for (const body of [undefined, '', '{}', '{"unknown":1}']) {
      expect((await post({ ...KEY, ...JSON_TYPE }, body)).body).toMatchObject({ size: null })
    }
    expect(await postInParts({ ...KEY, ...JSON_TYPE }, [])).toMatchObject({ size: null })
  })

  test('is read in whatever parts it comes', async () => {
    const parts = ['{"si', 'ze":', '7}']
    expect((await post({ ...KEY, ...JSON_TYPE }, parts.join(''))).body).toMatchObject({ size: 7 })
    expect(await postInParts({ ...KEY, ...JSON_TYPE }, parts)).toMatchObject({ size: 7 })
  })

  test('is refused when it is too large, no JSON, of another type or not what it should be', async () => {
    const large = JSON.stringify('a'.repeat(65_536))
    const tooLarge = { refusal: { kind: 'body_too_large', maxBytes: 65_536 } }
    expect((await post({ ...KEY, ...JSON_TYPE }, large)).body).toEqual(tooLarge)
    expect(await postInParts({ ...KEY, ...JSON_TYPE }, [large])).toEqual(tooLarge)
    expect((await post({ ...KEY, ...JSON_TYPE }, '{')).body).toEqual({
      refusal: { kind: 'bad_body' },
    })
    const plain = await post({ ...KEY, 'content-type': 'text/plain' }, 'a')
    expect(plain.body).toEqual({ refusal: { kind: 'wrong_media_type' } })
    const bad = { kind: 'bad_parameter', place: 'body', issue: 'invalid_type' }
    const sized = await post({ ...KEY, ...JSON_TYPE }, '{"size":"a"}')
    const message = 'must be a whole number'
    expect(sized.body).toEqual({ refusal: { ...bad, name: 'size', message } })
    const list = await post({ ...KEY, ...JSON_TYPE }, '[]')
    expect(list.body).toMatchObject({ refusal: { ...bad, name: '' } })
  })
})

test('a path’s parameter is refused by its name', async () => {
  const message = 'is too long'
  expect((await post(KEY, undefined, '/acme/things/1234')).body).toEqual({
    refusal: { kind: 'bad_parameter', place: 'path', name: 'id', message, issue: 'too_big' },
  })
})

test('the vendor’s headers stand in every answer', async () => {
  const good = await post({ ...KEY, 'x-request-id': 'mine' })
  expect(good.headers.get('x-acme-request')).toBe('mine')
  expect(Number(good.headers.get('x-acme-left'))).toBeGreaterThan(0)
  for (const path of ['/acme/things/1', '/acme/nowhere']) {
    const { headers } = await post({}, undefined, path)
    expect([headers.get('x-acme-request'), headers.get('x-request-id')]).toEqual([
      ...['req_id', 'req_id'],
    ])
    expect(headers.get('x-acme-left')).toBe('unknown')
  }
})

test('a request to a host without a name is answered like any other', async () => {
  for (const host of ['', 'a b', '[']) {
    expect(await postInParts({ ...KEY, host }, [])).toMatchObject({ workspace: 'w' })
  }
})

test('a path that no browser would send is answered like any other', async () => {
  for (const path of ['/acme/a\\b', '/acme/things/1/..\\', '/acme/"|{}^`<>']) {
    const answer = { refusal: { kind: 'unknown_path', path: expect.stringMatching(/^\/acme\//) } }
    expect([path, await postInParts(KEY, [], path)]).toEqual([path, answer])
  }
  const thing = { id: 'a\\b', size: null, workspace: 'w' }
  expect(await postInParts(KEY, [], '/acme/things/a\\b?c\\d')).toEqual(thing)
})
