import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Deployment, openDeployment, type Server } from '../support/deployment.ts'
import { type Attacker, KINDS, startAttacker } from './attacker.ts'

const REFRESH =
  'mutation { refreshAccount(accountId: "acc-0") { ... on RefreshQueued { refresh { id } } } }'
const DASHBOARD = readFileSync(
  join(import.meta.dirname, '../graphql/documents/dashboard.graphql'),
  {
    encoding: 'utf8',
  },
)
const ROWS = 25
const ROUNDS = 12
const ASKED_PER_ATTACK = 4
const ASKED_PER_ROUND = KINDS * ASKED_PER_ATTACK
const SLOW_CLIENTS = 200
const MIB = 1024 * 1024
// What a process may hold more after attacks than after as many of them before.
const GROWTH_MAX_BYTES = 100 * MIB
const RATIO_MAX = 2

const ENVIRONMENT = {
  // Others ask what nobody has asked before.
  WEIR_ANSWER_CACHE_BYTES_MAX: '0',
  WEIR_RATE_GRAPHQL_COST_PER_MINUTE: '1000000000',
}

function memoryOf({ pid }: Server): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) * 1024
}

function openSlowly({ url }: Server): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {}).write('POST /graphql HTTP/1.1\r\nhost: weir\r\nx-slow: ')
  onTestFinished(() => void socket.destroy())
  return socket
}

async function refresh(deployment: Deployment, server: Server): Promise<void> {
  await server.ask(REFRESH)
  const worker = await deployment.work()
  expect(await deployment.ended()).toMatchObject([{ status: 'succeeded' }])
  await deployment.kill(worker)
}

/**
 * Asks for a dashboard again and again, while every kind of attack is made once where there is an
 * attacker. Returns how long each answer took, in milliseconds.
 */
async function durationsOf({ ask }: Server, attacker?: Attacker): Promise<number[]> {
  const attacks: Promise<void>[] = []
  const durations: number[] = []
  for (let turn = 0; turn < ASKED_PER_ROUND; turn += 1) {
    if (attacker && turn % ASKED_PER_ATTACK === 0) attacks.push(begun(attacker.attack()))
    const startedAt = performance.now()
    const { data } = await ask<Dashboard>(DASHBOARD, { first: ROWS })
    durations.push(performance.now() - startedAt)
    expect(data.publications.nodes).toHaveLength(ROWS)
  }
  await Promise.all(attacks)
  return durations
}

interface Dashboard {
  publications: { nodes: object[] }
}

// What fails is told of once everything has been asked for.
function begun<Work extends Promise<unknown>>(work: Work): Work {
  work.catch(() => {})
  return work
}

/** The p99 under attack, to the one without. */
async function ratioOf(server: Server, attacker: Attacker): Promise<number> {
  const calm: number[] = []
  const attacked: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turns, so that both meet the same machine.
    calm.push(...(await durationsOf(server)))
    attacked.push(...(await durationsOf(server, attacker)))
  }
  return p99(attacked) / p99(calm)
}

function p99(durations: readonly number[]): number {
  const sorted = durations.toSorted((one, other) => one - other)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
}

test('others’ answers take at most twice as long while a server is attacked, and it holds no more for it', async () => {
  await using deployment = await openDeployment({ accounts: 1, publications: ROWS })
  const [server] = await deployment.serve(1, { words: ['--no-worker'], environment: ENVIRONMENT })
  if (!server) throw new Error('No server was started.')
  await refresh(deployment, server)
  await using attacker = startAttacker({ url: server.url, headers: deployment.headers })
  const slow = Array.from({ length: SLOW_CLIENTS }, () => openSlowly(server))
  // What comes first is slow for reasons of its own.
  await ratioOf(server, attacker)
  const before = memoryOf(server)
  // Whatever else the machine does may slow one of them down, so two of three count.
  const ratios: number[] = []
  const good = () => ratios.filter((ratio) => ratio < RATIO_MAX)
  while (good().length < 2 && ratios.length < 3) ratios.push(await ratioOf(server, attacker))
  expect(ratios.toSorted((one, other) => one - other)[1]).toBeLessThan(RATIO_MAX)
  expect(slow.every((socket) => !socket.destroyed)).toBe(true)
  expect(memoryOf(server) - before).toBeLessThan(GROWTH_MAX_BYTES)
  for (const socket of slow) socket.destroy()
}, 180_000)
