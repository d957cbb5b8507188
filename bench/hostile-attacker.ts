import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { ATTACKS } from '../test/security/attacks.ts'

const SLOW_CLIENTS = 200
const LARGE_BODY = 'x'.repeat(5 * 1024 * 1024)

/** Whom to attack, and how often. */
export interface Order {
  url: string
  key: string
  perSecond: number
}

/** How it went. */
export interface Outcome {
  attacks: number
  slowestMs: number
  /** Those that were not refused as they should be. */
  failures: string[]
}

let attacking: { stop(): Promise<Outcome> } | null = null

process.on('message', async (message: Order | { stop: true }) => {
  if ('stop' in message) {
    const outcome = await attacking?.stop()
    attacking = null
    process.send?.(outcome ?? { attacks: 0, slowestMs: 0, failures: [] })
  } else {
    attacking = attack(message)
    process.send?.('attacking')
  }
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

function attack(order: Order): { stop(): Promise<Outcome> } {
  const outcome: Outcome = { attacks: 0, slowestMs: 0, failures: [] }
  const state = { isOver: false }
  const slow = Array.from({ length: SLOW_CLIENTS }, () => openSlowly(order.url))
  const running = attackUntil(order, outcome, state)
  return {
    async stop() {
      state.isOver = true
      await running
      for (const socket of slow) socket.destroy()
      return outcome
    },
  }
}

async function attackUntil(
  order: Order,
  outcome: Outcome,
  state: { isOver: boolean },
): Promise<void> {
  const bodies = [...ATTACKS.map(({ body }) => body), LARGE_BODY]
  const startedAt = performance.now()
  for (let turn = 0; !state.isOver; turn += 1) {
    await wait(Math.max(0, startedAt + (turn * 1000) / order.perSecond - performance.now()))
    await attackOnce(order, bodies[turn % bodies.length] ?? '', outcome)
  }
}

async function attackOnce({ url, key }: Order, body: string, outcome: Outcome): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const startedAt = performance.now()
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
  const text = await response.text()
  outcome.attacks += 1
  outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - startedAt)
  if (!text.includes('"errors":[{'))
    outcome.failures.push(`${response.status} ${text.slice(0, 80)}`)
}

function openSlowly(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write('POST /graphql HTTP/1.1\r\nhost: weir\r\nx-slow: ')
  return socket
}
