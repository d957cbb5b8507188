import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { attacksOn } from '../test/security/attacker.ts'

const SLOW_CLIENTS = 200

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
  const { url, key, perSecond } = order
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const attacks = attacksOn({ url: `${url}/graphql`, headers })
  const beganAt = performance.now()
  for (let turn = 0; !state.isOver; turn += 1) {
    await wait(Math.max(0, beganAt + (turn * 1000) / perSecond - performance.now()))
    const startedAt = performance.now()
    const { value: problem } = await attacks.next()
    outcome.attacks += 1
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - startedAt)
    if (problem) outcome.failures.push(problem)
  }
}

function openSlowly(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write('POST /graphql HTTP/1.1\r\nhost: weir\r\nx-slow: ')
  return socket
}
