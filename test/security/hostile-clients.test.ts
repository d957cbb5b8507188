import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'

const REQUEST_TIMEOUT_MS = 400
const DRIP_MS = 20
const PATHS = ['/graphql', '/v1/analytics/accounts', '/api/ext/accounts/a/analytics/refresh', '/']

let gateway: Gateway
let url: string
beforeAll(async () => {
  const environment = { WEIR_REQUEST_TIMEOUT_MS: `${REQUEST_TIMEOUT_MS}` }
  gateway = await startGateway({ isWorker: false, isServing: true, environment })
  url = gateway.app.url ?? ''
})
afterAll(() => gateway[Symbol.asyncDispose]())

interface Connection {
  socket: Socket
  /** What came, once the server has closed it, and after how long. */
  closed: Promise<{ answer: string; afterMs: number }>
}

function open(text: string): Connection {
  const startedAt = performance.now()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const parts: string[] = []
  socket.setEncoding('utf8').on('data', (part: string) => parts.push(part))
  socket.on('error', () => {})
  socket.write(text)
  const answer = () => ({ answer: parts.join(''), afterMs: performance.now() - startedAt })
  return { socket, closed: once(socket, 'close').then(answer) }
}

/** Sends a byte every now and then, for as long as it may. */
function drip({ socket }: Connection): void {
  const timer = setInterval(() => socket.write('a'), DRIP_MS)
  socket.once('close', () => clearInterval(timer))
}

async function isOthersAnswered(): Promise<boolean> {
  const query = encodeURIComponent('{ workspace { id } }')
  const headers = { authorization: `Bearer ${gateway.key}` }
  const response = await fetch(`${url}/graphql?query=${query}`, { headers })
  return (await response.json()).data?.workspace !== undefined
}

function headOf(path: string, more: string): string {
  const method = path.endsWith('refresh') || path === '/graphql' ? 'POST' : 'GET'
  const key = `authorization: Bearer ${gateway.key}`
  return `${method} ${path} HTTP/1.1\r\nhost: weir\r\n${key}\r\n${more}`
}

describe.each(PATHS)('at %s', (path) => {
  test('whoever never ends a head is cut off, and others are answered meanwhile', async () => {
    const slow = Array.from({ length: 50 }, () => open(headOf(path, 'x-slow: ')))
    slow.forEach(drip)
    expect(await isOthersAnswered()).toBe(true)
    for (const { answer, afterMs } of await Promise.all(slow.map(({ closed }) => closed))) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 .*took too long to arrive/s)
      expect(afterMs).toBeGreaterThanOrEqual(REQUEST_TIMEOUT_MS)
    }
    expect(await isOthersAnswered()).toBe(true)
  })

  test('too large a head is refused with a reason', async () => {
    const large = ['x-a: a\r\n'.repeat(5000), `x-a: ${'a'.repeat(1_000_000)}\r\n`]
    for (const more of large) {
      const { answer } = await open(`${headOf(path, more)}\r\n`).closed
      expect(answer).toMatch(/^HTTP\/1\.1 431 .*Send fewer headers/s)
    }
    const { answer } = await open(`GET ${path}?a=${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`).closed
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*long operations by POST/s)
  })
})

const JSON_BODY = 'content-type: application/json\r\n'

test.each([
  ['/graphql', 'content-length: 5000'],
  ['/graphql', 'transfer-encoding: chunked'],
  ['/api/ext/accounts/a/analytics/refresh', 'content-length: 5000'],
  ['/api/ext/accounts/a/analytics/refresh', 'transfer-encoding: chunked'],
])('whoever never ends a body is cut off at %s with %s', async (path, length) => {
  const begun = length.startsWith('transfer') ? '1388\r\n{' : '{'
  const head = headOf(path, `${JSON_BODY}${length}\r\n\r\n`)
  const slow = Array.from({ length: 50 }, () => open(`${head}${begun}`))
  slow.forEach(drip)
  expect(await isOthersAnswered()).toBe(true)
  const ends = await Promise.all(slow.map(({ closed }) => closed))
  // What does not have to be read is answered at once; the rest is waited for.
  for (const { answer } of ends) expect(answer).toMatch(/^HTTP\/1\.1 (408|404) /)
  expect(await isOthersAnswered()).toBe(true)
  expect(gateway.logged.map((each) => JSON.stringify(each))).toEqual([])
})

describe('a REST API', () => {
  const send = (path: string, body?: string) =>
    gateway.app.url === null
      ? Promise.reject(new Error('Nothing is served.'))
      : fetch(`${url}${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
          ...(body !== undefined && { body }),
        })

  const [, , WISH = ''] = PATHS

  test.each([
    ['of 5 MB', JSON.stringify({ a: 'a'.repeat(5 * 1024 * 1024) }), 413],
    ['that nests 100,000 times', '['.repeat(100_000) + ']'.repeat(100_000), 413],
    ['that nests as often as fits', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 404],
    ['that is no object', '['.repeat(30_000) + ']'.repeat(30_000), 400],
    ['that ends midway', `{"a":"${'a'.repeat(60_000)}`, 400],
  ])('answers a body %s', async (_what, body, status) => {
    const response = await send(WISH, body)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(/json/)
    expect(await isOthersAnswered()).toBe(true)
  })

  test('answers as many parameters as fit into a head', async () => {
    const many = Array.from({ length: 2000 }, (_, at) => `a${at}=1`).join('&')
    const response = await send(`/v1/analytics/accounts?${many}`)
    expect([200, 422]).toContain(response.status)
    await response.json()
  })
})
