import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { HTTP_DEFAULTS } from '../../src/connectors/connectors.ts'
import {
  createHttp,
  type Http,
  type HttpOptions,
  type HttpRequest,
} from '../../src/connectors/http.ts'
import type { CallContext } from '../../src/domain/connector.ts'
import { ACCESS_TOKEN, expectNoCredential, failureOfCall, NOW } from './support.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, attempt: number) => void

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A server on loopback and a client for it, with a deadline of 300 ms and bodies of 1 KiB. */
async function serve(handler: Handler, options: Partial<HttpOptions> = {}) {
  let attempts = 0
  const server = createServer((request, response) => {
    attempts += 1
    handler(request, response, attempts)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const http: Http = createHttp({
    ...HTTP_DEFAULTS,
    ...{ deadlineMs: 300, bodyMaxBytes: 1024, retryDelayMs: 1 },
    ...options,
    random: () => 0,
    dispatcher: null,
    now: null,
  })
  open.push(async () => {
    server.closeAllConnections()
    await http.close()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path`
  let counted = 0
  const abort = new AbortController()
  const context: CallContext = {
    signal: abort.signal,
    now: NOW,
    onUpstreamCall: () => counted++,
    onBudget: () => {},
  }
  const send = (request: Partial<HttpRequest> = {}) =>
    http.send(
      { label: 'X', method: 'GET', url, token: ACCESS_TOKEN, isRead: true, ...request },
      context,
    )
  return { send, abort, calls: () => counted, attempts: () => attempts }
}

test('the token travels in the header, and every request that goes out is counted', async () => {
  const { send, calls } = await serve((request, response) =>
    response.end(JSON.stringify({ url: request.url, host: request.headers.host !== undefined })),
  )
  const answer = await send()
  expect(answer.json).toEqual({ url: '/path', host: true })
  expect(calls()).toBe(1)
})

test.each([
  ['headers never come', (_response: ServerResponse) => undefined],
  ['the body never ends', (response: ServerResponse) => void response.write('{"a":')],
])('a call whose %s ends within 200 ms of its deadline', async (_name, begin) => {
  const { send, calls } = await serve((_request, response) => begin(response))
  const started = performance.now()
  const failure = await failureOfCall(send())
  expect(performance.now() - started).toBeLessThan(500)
  expect(failure).toMatchObject({ kind: 'unavailable', status: null, body: null })
  expect(failure.message).toBe('X did not answer within 300 ms.')
  expect(calls()).toBe(1)
})

test('a call ends as soon as its caller gives up', async () => {
  const { send, abort } = await serve(() => undefined, { deadlineMs: 60_000 })
  const call = failureOfCall(send())
  abort.abort()
  expect((await call).message).toBe('The call to X was cancelled.')
})

test('a body above the limit is not read to its end', async () => {
  const { send } = await serve((_request, response) => {
    response.write(Buffer.alloc(2000, 'a'))
    response.on('close', () => response.destroy())
  })
  const failure = await failureOfCall(send())
  expect(failure).toMatchObject({ kind: 'malformed', status: 200 })
  expect(failure.message).toBe('X answered with more than 1024 bytes.')
})

test('a read that meets a 5xx or a broken connection is sent again', async () => {
  const { send, calls } = await serve((_request, response, attempt) => {
    if (attempt === 1) response.writeHead(503).end('<html>sorry</html>')
    else if (attempt === 2) response.destroy()
    else response.end('{"ok":true}')
  })
  expect((await send()).json).toEqual({ ok: true })
  expect(calls()).toBe(3)
})

test('a body that breaks off is asked for again, and unavailable when it always does', async () => {
  const { send, calls } = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"a":1', () => response.destroy())
  })
  const failure = await failureOfCall(send())
  expect(failure.kind).toBe('unavailable')
  expect(calls()).toBe(3)
})

test('what is not a read is sent once, whatever happens to it', async () => {
  const { send, calls } = await serve((_request, response) => response.destroy())
  await failureOfCall(send({ method: 'POST', body: 'a=1', isRead: false }))
  expect(calls()).toBe(1)
})

test('the last answer of a platform in trouble is kept, with its status', async () => {
  const { send, calls } = await serve((_request, response) => response.writeHead(502).end('<p>no'))
  const answer = await send()
  expect([answer.status, answer.json, answer.excerpt]).toEqual([502, undefined, '<p>no'])
  expect(calls()).toBe(3)
})

test('a platform that asks for more patience than the deadline is not asked again', async () => {
  const { send, calls } = await serve((_request, response) =>
    response.writeHead(503, { 'retry-after': '120' }).end('{}'),
  )
  expect((await send()).status).toBe(503)
  expect(calls()).toBe(1)
})

test('an unreachable host is unavailable and says how, without its address', async () => {
  const { send } = await serve(() => undefined)
  const failure = await failureOfCall(
    send({ url: 'http://127.0.0.1:1/path?access_token=abcdefgh' }),
  )
  expect(failure.message).toBe('X could not be reached (ECONNREFUSED).')
})

test('a token that no header can carry asks for a new connection, and is not repeated', async () => {
  const { send, calls } = await serve(() => undefined)
  const failure = await failureOfCall(send({ token: 'line\nbreak-in-a-token' }))
  expect(failure.kind).toBe('unauthorized')
  expect(failure.message).not.toContain('break')
  expect(calls()).toBe(0)
})

test('what a platform repeats of our credentials is taken out of its answer', async () => {
  const echo = {
    token: ACCESS_TOKEN,
    next: `https://graph.example/v1/me?access_token=${encodeURIComponent(ACCESS_TOKEN)}&after=b`,
    escaped: `Bearer ${ACCESS_TOKEN}`,
    access_token: 'somebody-elses-token',
  }
  const { send } = await serve((_request, response) =>
    response.end(JSON.stringify(echo).replaceAll('/', '\\/')),
  )
  const answer = await send()
  expectNoCredential(answer)
  expect(answer.json).toMatchObject({
    token: '[redacted]',
    next: 'https://graph.example/v1/me?access_token=[redacted]&after=b',
  })
  expect(answer.excerpt).not.toContain('somebody-elses-token')
})

test('the body of a failure is at most 4 KiB of whole characters', async () => {
  const { send } = await serve((_request, response) => response.end(`a${'€'.repeat(3000)}`), {
    bodyMaxBytes: 100_000,
  })
  const { excerpt } = await send()
  expect(Buffer.byteLength(excerpt)).toBeLessThanOrEqual(4096)
  expect(excerpt).toMatch(/^a€+$/)
})
