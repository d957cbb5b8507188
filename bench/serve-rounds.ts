import type { Child } from './child.ts'
import { usageOf } from './process-usage.ts'
import type { Contestant, ServerName } from './serve-contest.ts'

/** What a server gets before it is measured: its code is compiled by then. */
export const WARM_UP = { connections: 16, seconds: 4 }

/** How much is measured. */
export interface Extent {
  /** How often every server has its turn with every number of connections. */
  rounds: number
  /** Of one turn. */
  seconds: number
}

/** What one turn of a server came to. */
export interface Turn {
  answersPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Of the server. */
  cpuMsPerAnswer: number
  /** Of the server, at the end of the turn. */
  residentBytes: number
}

/** The turns of every server in the order of rounds, by the number of connections. */
export type Turns = Map<number, Map<ServerName, Turn[]>>

/** What the process that loads servers tells of a run. */
interface LoadReport {
  answers: number
  seconds: number
  p50Ms: number
  p99Ms: number
  failures: number
}

/** Loads servers in turns. In every round another one begins, so that none has the better times. */
export async function takeTurns(
  load: Child,
  contestants: readonly Contestant[],
  connections: readonly number[],
  { rounds, seconds }: Extent,
): Promise<Turns> {
  for (const each of contestants) await takeTurn(load, each, WARM_UP)
  const turns: Turns = new Map(connections.map((count) => [count, new Map()]))
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contestants.length
    const inOrder = [...contestants.slice(first), ...contestants.slice(0, first)]
    for (const count of connections) {
      for (const each of inOrder) {
        const turn = await takeTurn(load, each, { connections: count, seconds })
        const own = turns.get(count)
        own?.set(each.name, [...(own.get(each.name) ?? []), turn])
      }
    }
  }
  return turns
}

/** Loads one server for a while. Throws when it fails to answer. */
export async function takeTurn(
  load: Child,
  { name, server, question }: Contestant,
  extent: { connections: number; seconds: number },
): Promise<Turn> {
  const { path, ...request } = question
  const before = usageOf(server.pid)
  const run = { ...request, url: `${server.url}${path}`, ...extent }
  const report = await load.ask<LoadReport>(run)
  const { cpuSeconds, residentBytes } = usageOf(server.pid)
  if (report.failures > 0) throw new Error(`${name} failed ${report.failures} times.`)
  return {
    answersPerSecond: report.answers / report.seconds,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    cpuMsPerAnswer: ((cpuSeconds - before.cpuSeconds) * 1000) / report.answers,
    residentBytes,
  }
}
