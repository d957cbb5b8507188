import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openDeployment, type Server } from '../support/deployment.ts'
import { ATTACKS } from './attacks.ts'

const ROUNDS = 3
const SLOW_CLIENTS = 200
const MIB = 1024 * 1024
// What a process may hold more after attacks than after as many of them before.
const GROWTH_MAX_BYTES = 100 * MIB
const ANSWERED_WITHIN_MS = 1000

type Headers = Record<string, string>

function memoryOf({ pid }: Server): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) * 1024
}

/** Every attack once, one after the other, and a body of 5 MB. */
async function attack({ url }: Server, headers: Headers): Promise<void> {
  const large = 'x'.repeat(5 * MIB)
  for (const body of [...ATTACKS.map(({ body }) => body), large]) {
    const response = await fetch(url, { method: 'POST', headers, body })
    const { errors } = (await response.json()) as { errors: object[] }
    expect(errors).toHaveLength(1)
  }
}

function openSlowly({ url }: Server): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {}).write('POST /graphql HTTP/1.1\r\nhost: weir\r\nx-slow: ')
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Asks what everybody asks until it is told to stop, and says how long each answer took. */
async function askUntil({ ask }: Server, isOver: () => boolean): Promise<number[]> {
  const durations: number[] = []
  while (!isOver()) {
    const startedAt = performance.now()
    const { data } = await ask<object>('{ accounts { nodes { localId audience { followers } } } }')
    durations.push(performance.now() - startedAt)
    expect(data).toMatchObject({ accounts: { nodes: [{ localId: 'acc-0' }] } })
  }
  return durations.toSorted((one, other) => one - other)
}

test('others are answered while a server is attacked, and it holds no more for it', async () => {
  await using deployment = await openDeployment({ accounts: 1 })
  const [server] = await deployment.serve(1, { words: ['--no-worker'] })
  if (!server) throw new Error('No server was started.')
  const slow = Array.from({ length: SLOW_CLIENTS }, () => openSlowly(server))
  const attackAll = async () => {
    for (let round = 0; round < ROUNDS; round += 1) await attack(server, deployment.headers)
  }
  await attackAll()
  const before = memoryOf(server)
  let isOver = false
  const asking = askUntil(server, () => isOver)
  await attackAll()
  isOver = true
  const durations = await asking
  expect(slow.every((socket) => !socket.destroyed)).toBe(true)
  expect(durations.length).toBeGreaterThan(10)
  expect(durations[Math.floor(durations.length / 2)]).toBeLessThan(ANSWERED_WITHIN_MS)
  expect(memoryOf(server) - before).toBeLessThan(GROWTH_MAX_BYTES)
  for (const socket of slow) socket.destroy()
}, 90_000)
