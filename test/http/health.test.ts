import { expect, onTestFinished, test } from 'vitest'
import { createHealth } from '../../src/http/health.ts'
import { startHttpServer } from '../../src/http/server.ts'

async function probe(path: string, unreadiness: () => Promise<string | null>, method = 'GET') {
  const health = createHealth({ unreadiness, timeoutMs: 20 })
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/', requestTimeoutMs: 5000, stopTimeoutMs: 5000 },
    routes: { '/healthz': health.alive, '/readyz': health.ready },
    log: { info() {}, warn() {}, error() {} },
  })
  onTestFinished(() => server.stop())
  const answer = await fetch(server.url + path, { method })
  const text = await answer.text()
  const allow = answer.headers.get('allow')
  return { status: answer.status, body: text && JSON.parse(text), ...(allow && { allow }) }
}

test('a process that answers is alive, whatever the database does', async () => {
  const { status } = await probe('/healthz', () => Promise.reject(new Error('down')))
  expect(status).toBe(200)
})

test('a gateway that can serve is ready', async () => {
  expect(await probe('/readyz', async () => null)).toEqual({
    status: 200,
    body: { status: 'ready' },
  })
})

test('a gateway that cannot serve is not ready, and says why', async () => {
  expect(await probe('/readyz', async () => 'Migrations are missing.')).toEqual({
    status: 503,
    body: { status: 'unavailable', reason: 'Migrations are missing.' },
  })
})

test('a database that fails or hangs is not ready, and its words are not repeated', async () => {
  const failed = await probe('/readyz', () => Promise.reject(new Error('password of weir')))
  expect(failed.status).toBe(503)
  expect(JSON.stringify(failed.body)).not.toContain('password')
  const hung = await probe('/readyz', () => new Promise(() => {}))
  expect(hung.status).toBe(503)
})

test('the probes are read, and nothing else', async () => {
  for (const path of ['/healthz', '/readyz']) {
    expect(await probe(path, async () => null, 'HEAD')).toEqual({ status: 200, body: '' })
    for (const method of ['POST', 'DELETE', 'OPTIONS']) {
      expect(await probe(path, async () => null, method)).toMatchObject({
        ...{ status: 405, allow: 'GET, HEAD', body: { error: { code: 'BAD_REQUEST' } } },
      })
    }
  }
})
