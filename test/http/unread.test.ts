import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startHttpServer } from '../../src/http/server.ts'

const MIB = 1024 * 1024
const PART = Buffer.alloc(65_536, 'x')
const LARGE = Buffer.alloc(5 * MIB, 'x')

const HEADS = {
  'a request that is answered before its body has come':
    'POST /graphql HTTP/1.1\r\nhost: weir\r\ncontent-length: 1000000000\r\n\r\n',
  'a request that wants to be the last of its connection':
    'POST /graphql HTTP/1.1\r\nhost: weir\r\nconnection: close\r\ncontent-length: 1000000000\r\n\r\n',
  'what is no request': 'no request\r\n\r\n',
}

async function serve() {
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/graphql' },
    ...{ requestTimeoutMs: 5000, stopTimeoutMs: 5000 },
    log: { info() {}, warn() {}, error() {} },
    routes: { '/graphql': (_, response) => void response.writeHead(413).end('too large') },
  })
  onTestFinished(() => server.stop())
  return Number(new URL(server.url).port)
}

interface Sending {
  socket: Socket
  /** What came back, once the server has closed the connection. */
  answered: Promise<string>
}

async function begin(port: number, head: string): Promise<Sending> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  const parts: string[] = []
  socket.setEncoding('latin1').on('data', (part: string) => parts.push(part))
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(head)
  const answered = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(parts.join('')))
  })
  return { socket, answered }
}

/** Sends so many bytes, or as many as are taken, and returns what came back. */
async function send({ socket, answered }: Sending, bytes: number): Promise<string> {
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += PART.length) {
    if (socket.write(PART)) continue
    const drained = new Promise((resolve) => socket.once('drain', resolve))
    await Promise.race([drained, answered])
  }
  socket.end()
  return answered
}

test.each(Object.entries(HEADS))('of %s no more is taken than a few megabytes', async (_, head) => {
  const sending = await begin(await serve(), head)
  await send(sending, 4096 * MIB)
  // What the system holds of it in between is not the server's.
  expect(sending.socket.bytesWritten).toBeLessThan(64 * MIB)
})

test.each(Object.entries(HEADS))('whoever sends %s gets to see the answer', async (_, head) => {
  const port = await serve()
  for (let turn = 0; turn < 10; turn += 1) {
    const { socket, answered } = await begin(port, head)
    // All at once, as whoever looks for an answer only afterwards.
    socket.end(LARGE)
    expect(await answered).toMatch(/^HTTP\/1\.1 4(13|00) /)
  }
})

test.each(Object.entries(HEADS))('the memory of %s is given back at once', async (_, head) => {
  const port = await serve()
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  for (let turn = 0; turn < 6; turn += 1) {
    await send(await begin(port, head), 5 * MIB)
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  expect(most).toBeLessThan(4 * MIB)
})
