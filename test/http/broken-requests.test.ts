import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type HttpServerOptions, startHttpServer } from '../../src/http/server.ts'

const silent = { info() {}, warn() {}, error() {} }

async function serve(options: Partial<HttpServerOptions> = {}) {
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/graphql', log: silent },
    ...{ requestTimeoutMs: 5000, stopTimeoutMs: 100 },
    routes: { '/graphql': (_, response) => void response.end('graph') },
    ...options,
  })
  onTestFinished(() => server.stop())
  return server
}

interface Raw {
  socket: Socket
  /** Everything that came, once the server has closed the connection. */
  closed: Promise<string>
}

function open({ url }: { url: string }, text: string): Raw {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const parts: string[] = []
  socket.setEncoding('utf8').on('data', (part: string) => parts.push(part))
  socket.on('error', () => {})
  socket.write(text)
  return { socket, closed: once(socket, 'close').then(() => parts.join('')) }
}

function errorIn(answer: string): [string, string] {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
  const { error } = JSON.parse(body)
  expect(error.code).toBe('BAD_REQUEST')
  return [head.split('\r\n')[0] ?? '', error.message]
}

test('too large a head is 431, and says what to do', async () => {
  const server = await serve()
  for (const head of [
    `GET /graphql HTTP/1.1\r\nhost: a\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n`,
    `GET /graphql?query=${'x'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  ]) {
    const [status, message] = errorIn(await open(server, head).closed)
    expect(status).toBe('HTTP/1.1 431 Request Header Fields Too Large')
    expect(message).toContain('long operations by POST')
  }
})

test('what is no HTTP is 400, and what follows is not answered', async () => {
  const server = await serve()
  const { socket, closed } = open(server, 'SSH-2.0-OpenSSH_9\r\n\r\n')
  socket.write('GET /graphql HTTP/1.1\r\nhost: a\r\n\r\n')
  const [status, message] = errorIn(await closed)
  expect([status, message]).toEqual([
    'HTTP/1.1 400 Bad Request',
    'This is no HTTP request. Send HTTP/1.1.',
  ])
})

test.each([
  ['sends nothing at all', ''],
  ['does not end its head', 'GET /graphql HTTP/1.1\r\nhost: a\r\nx-slow: '],
  ['does not end its body', 'POST /held HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{'],
])('whoever %s in time is answered with 408', async (_what, text) => {
  const held: HttpServerOptions['routes'] = { '/held': (request) => void request.resume() }
  const server = await serve({ requestTimeoutMs: 100, routes: held })
  const [status, message] = errorIn(await open(server, text).closed)
  expect(status).toBe('HTTP/1.1 408 Request Timeout')
  expect(message).toContain('took too long to arrive')
})

test('an answer that has begun is broken off rather than mixed with another', async () => {
  const begun: HttpServerOptions['routes'] = {
    '/begun': (_, response) => void response.writeHead(200).write('begun'),
  }
  const server = await serve({ requestTimeoutMs: 100, routes: begun })
  const text = 'POST /begun HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{'
  const answer = await open(server, text).closed
  expect(answer).toContain('begun')
  expect(answer).not.toContain('408')
})

test('a connection that stands still is closed, whoever waits for whom', async () => {
  const { promise: closedHere, resolve } = Promise.withResolvers<void>()
  const routes: HttpServerOptions['routes'] = {
    '/held': () => {},
    '/large': (_, response) => {
      response.once('close', resolve)
      response.end(Buffer.alloc(50_000_000))
    },
  }
  const server = await serve({ stallTimeoutMs: 100, routes })
  expect(await open(server, 'GET /held HTTP/1.1\r\nhost: a\r\n\r\n').closed).toBe('')
  const { socket } = open(server, 'GET /large HTTP/1.1\r\nhost: a\r\n\r\n')
  socket.pause()
  await closedHere
})

test('more connections than allowed are closed, and those that were there stay', async () => {
  const server = await serve({ connectionsMax: 1 })
  const { socket } = open(server, 'GET /graphql HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(socket, 'data')
  expect(await open(server, 'GET /graphql HTTP/1.1\r\nhost: a\r\n\r\n').closed).toBe('')
  socket.write('GET /graphql HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(socket, 'data')
})
