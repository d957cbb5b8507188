import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type HttpServerOptions, startHttpServer } from '../../src/http/server.ts'

const silent = { info() {}, warn() {}, error() {} }

async function serve(options: Partial<HttpServerOptions> = {}) {
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/graphql', log: silent },
    ...{ requestTimeoutMs: 5000, stopTimeoutMs: 5000 },
    routes: { '/graphql': (_, response) => void response.end('graph') },
    ...options,
  })
  onTestFinished(() => server.stop())
  return server
}

test('a path is answered by its listener, whatever the query', async () => {
  const server = await serve()
  const answer = await fetch(`${server.url}/graphql?query=%7Ba%7D`)
  expect(await answer.text()).toBe('graph')
})

test('whatever is below a path is answered by its listener, by the longest path that fits', async () => {
  const says =
    (word: string): RequestListener =>
    (_, response) =>
      void response.end(word)
  const mounts = { '/a': says('a'), '/a/b': says('b'), '/a/b/c': says('c') }
  const server = await serve({ mounts })
  const word = async (path: string) => (await fetch(server.url + path)).text()
  for (const path of ['/a', '/a/', '/a?b', '/a/bc', '/a/x/b']) expect(await word(path)).toBe('a')
  for (const path of ['/a/b', '/a/b/', '/a/b/d']) expect(await word(path)).toBe('b')
  expect(await word('/a/b/c/d/e?f')).toBe('c')
  expect(await word('/graphql')).toBe('graph')
  for (const path of ['/ab', '/b', '/']) expect((await fetch(server.url + path)).status).toBe(404)
})

test('a server that listens everywhere names an address that can be opened', async () => {
  const server = await serve({ host: '0.0.0.0' })
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await fetch(`${server.url}/graphql`)).status).toBe(200)
})

test('a path without a listener is 404 in JSON', async () => {
  const server = await serve()
  for (const path of ['/nothing', '/graphql/', '/constructor', '/']) {
    const answer = await fetch(server.url + path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'NOT_FOUND' } })
  }
})

test('a browser that opens the root is sent to the graph', async () => {
  const server = await serve()
  const headers = { accept: 'text/html,*/*' }
  const answer = await fetch(server.url, { headers, redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/graphql'])
  expect((await fetch(server.url, { method: 'POST', headers, redirect: 'manual' })).status).toBe(
    404,
  )
})

test('a program that asks the root is told where the graph is', async () => {
  const server = await serve()
  const answer = await fetch(server.url)
  const message = 'There is nothing at /. The graph is at /graphql.'
  expect(await answer.json()).toEqual({ error: { code: 'NOT_FOUND', message } })
})

test('a listener that fails is 500 without its reason, which is logged', async () => {
  const logged: object[] = []
  const log = { ...silent, error: (fields: object) => void logged.push(fields) }
  const fail = async () => {
    throw new Error('secret reason')
  }
  const server = await serve({ log, routes: { '/graphql': fail } })
  const answer = await fetch(`${server.url}/graphql`)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret reason')
  expect(logged).toMatchObject([{ error: { message: 'secret reason' }, path: '/graphql' }])
})

test('a stop waits for the answer in hand, and accepts nothing more', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  const slow: HttpServerOptions['routes'] = {
    '/slow': async (_, response) => {
      enter()
      await held
      response.end('done')
    },
  }
  const server = await serve({ routes: slow })
  const answer = fetch(`${server.url}/slow`)
  await entered
  const stopped = server.stop()
  await expect(fetch(`${server.url}/slow`)).rejects.toThrow()
  release()
  expect(await (await answer).text()).toBe('done')
  await stopped
})

test('a stop does not wait for idle connections', async () => {
  const server = await serve()
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write('GET /graphql HTTP/1.1\r\nhost: weir\r\n\r\n')
  await once(socket, 'data')
  await server.stop()
})

test('a body that was refused half-way does not hold its connection', async () => {
  const server = await serve()
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const seen: string[] = []
  socket.setEncoding('utf8').on('data', (text: string) => seen.push(text))
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: weir\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n',
  )
  await once(socket, 'close')
  expect(seen.join('')).toContain('graph')
})

test('a stop gives up what does not finish in time', async () => {
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  const server = await serve({ stopTimeoutMs: 20, routes: { '/never': () => enter() } })
  const answer = fetch(`${server.url}/never`).catch(() => 'broken off')
  await entered
  await server.stop()
  expect(await answer).toBe('broken off')
})

test('a port that is taken rejects with the system’s error', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as { port: number }
  await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
