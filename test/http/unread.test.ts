import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { type HttpServerOptions, startHttpServer } from '../../src/http/server.ts'
import { sendBlindly } from '../support/blind-client.ts'

const MIB = 1024 * 1024
const LARGE = Buffer.alloc(5 * MIB, 'x')

const HEAD = 'POST /graphql HTTP/1.1\r\nhost: weir\r\n'
// Each is followed by more than there is sent of it.
const HEADS = {
  'a request that is answered before its body has come': `${HEAD}content-length: 1000000000\r\n\r\n`,
  'a request that wants to be the last of its connection': `${HEAD}connection: close\r\ncontent-length: 1000000000\r\n\r\n`,
  'a request that does not tell its length': `${HEAD}transfer-encoding: chunked\r\n\r\n40000000\r\n`,
  'what is no request': 'no request\r\n\r\n',
}

async function serve(
  onAsked = (_socket: Socket) => {},
  routes: HttpServerOptions['routes'] = {},
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/graphql' },
    ...{ requestTimeoutMs: 500, stopTimeoutMs: 5000 },
    log: { info() {}, warn() {}, error() {} },
    routes: {
      '/graphql': ({ url = '', socket }, response) => {
        asked.push(url)
        onAsked(socket)
        response.writeHead(413).end('too large')
      },
      ...routes,
    },
  })
  onTestFinished(() => server.stop())
  return { url: server.url, asked }
}

function followed(head: string, next = ''): Buffer {
  return Buffer.concat([Buffer.from(head), LARGE, Buffer.from(next)])
}

/** Sends parts again and again, as many as are taken; how many bytes that were. */
async function sendForEver(url: string, head: string, part: Buffer): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {}).resume()
  await once(socket, 'connect')
  socket.write(head)
  while (!socket.destroyed) {
    if (socket.write(part)) continue
    const drained = new Promise((resolve) => socket.once('drain', resolve))
    await Promise.race([drained, closed])
  }
  return socket.bytesWritten
}

test.each(Object.entries(HEADS))('of %s no more is taken than a few megabytes', async (_, head) => {
  const { url } = await serve()
  // What the system holds of it in between is not the server's.
  expect(await sendForEver(url, head, LARGE.subarray(0, 65_536))).toBeLessThan(64 * MIB)
})

test.each(Object.entries(HEADS))(
  'whoever sends all of %s first gets to see the answer',
  async (_, head) => {
    const { url } = await serve()
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await sendBlindly(url, followed(head))).toMatch(/^HTTP\/1\.1 4(13|00) /)
    }
  },
)

test.each(Object.entries(HEADS))('the memory of %s is given back at once', async (_, head) => {
  const { url } = await serve()
  const bytes = followed(head)
  await sendBlindly(url, bytes)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  for (let turn = 0; turn < 6; turn += 1) {
    await sendBlindly(url, bytes)
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  expect(most).toBeLessThan(4 * MIB)
})

test('what is dropped is not taken apart: its chunks are not kept', async () => {
  const { url } = await serve()
  const chunks = Buffer.from('1\r\nx\r\n'.repeat(10_000))
  const head = `${HEAD}transfer-encoding: chunked\r\n\r\n`
  await sendForEver(url, head, chunks)
  const before = process.memoryUsage.rss()
  await Promise.all(Array.from({ length: 10 }, () => sendForEver(url, head, chunks)))
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MIB)
})

test('what follows on the connection of somebody who was refused is not run', async () => {
  const { url, asked } = await serve()
  const next = 'GET /graphql?next HTTP/1.1\r\nhost: weir\r\n\r\n'
  const head = `${HEAD}content-length: ${LARGE.length}\r\n\r\n`
  expect(await sendBlindly(url, followed(head, next))).toMatch(/^HTTP\/1\.1 413 /)
  expect(asked).toEqual(['/graphql'])
})

/** The most bytes of a connection that were read in one turn of the event loop. */
function mostPerTurn(socket: Socket): { bytes: number } {
  const most = { bytes: 0 }
  let before = socket.bytesRead
  const look = () => {
    most.bytes = Math.max(most.bytes, socket.bytesRead - before)
    before = socket.bytesRead
    if (!socket.destroyed) setImmediate(look)
  }
  setImmediate(look)
  return most
}

test('others have their turn between one part that is dropped and the next', async () => {
  const watched: { bytes: number }[] = []
  const { url } = await serve((socket) => void watched.push(mostPerTurn(socket)))
  const bytes = followed(HEADS['a request that does not tell its length'])
  for (let turn = 0; turn < 8; turn += 1) await sendBlindly(url, bytes)
  expect(watched).toHaveLength(8)
  for (const most of watched) expect(most.bytes).toBeLessThan(4 * 65_536)
})

test('a body whose rest comes after it was refused as too late is not read', async () => {
  const bodies: string[] = []
  const { url } = await serve(() => {}, {
    '/graphql': async (request, response) => {
      bodies.push(await text(request).catch(() => 'broken off'))
      response.end()
    },
  })
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {}).setEncoding('utf8')
  socket.write(`${HEAD}content-length: 10\r\n\r\nfirst`)
  const [answer] = await once(socket, 'data')
  expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  socket.end('rest!')
  await once(socket, 'close')
  await expect.poll(() => bodies).toEqual(['broken off'])
})
