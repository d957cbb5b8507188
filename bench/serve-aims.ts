import { SERVERS, type ServerName } from './serve-contest.ts'
import { median, ratioOf, turnsOf } from './serve-figures.ts'
import type { Turns } from './serve-rounds.ts'

const MIB = 1024 * 1024
const MEMORY_MIB_MAX = 200
const CONNECTIONS = 16
const PEERS = ['mercurius', 'apollo', 'postgraphile'] as const satisfies ServerName[]

/** Something that Weir is to reach, and what it came to. */
export interface Aim {
  what: string
  /** In words. */
  aim: string
  measured: string
  /** The same for the server's processor time alone; empty where that says nothing. */
  perCpu: string
  isMet: boolean
}

/** The aims of a dashboard. */
export function dashboardAims(turns: Turns): Aim[] {
  return [
    atLeast(0.8, turns, 'hits', 'raw'),
    atLeast(1.3, turns, 'misses', 'mercurius'),
    atLeast(4, turns, 'misses', 'apollo'),
    atLeast(2, turns, 'misses', 'postgraphile'),
    noSlowerThanPeers(turns),
    inMemory(turns, 'hits'),
    inMemory(turns, 'misses'),
  ]
}

/** The aims of a page over REST, which has no peers. */
export function pageAims(turns: Turns): Aim[] {
  return [atLeast(0.8, turns, 'hits', 'raw'), inMemory(turns, 'hits'), inMemory(turns, 'misses')]
}

function atLeast(least: number, turns: Turns, name: ServerName, other: ServerName): Aim {
  const [ours, theirs] = [turnsFor(turns, name), turnsFor(turns, other)]
  const measured = ratioOf(ours, theirs, ({ answersPerSecond }) => answersPerSecond)
  const perCpu = ratioOf(ours, theirs, ({ cpuMsPerAnswer }) => 1 / cpuMsPerAnswer)
  return {
    what: `${SERVERS[name]}: answers/s to those of ${SERVERS[other]}`,
    aim: `≥ ${least} ×`,
    ...{ measured: times(measured), perCpu: times(perCpu), isMet: measured >= least },
  }
}

// The best peer is the one whose median is the lowest.
function noSlowerThanPeers(turns: Turns): Aim {
  const slowest = (name: ServerName) => median(turnsFor(turns, name).map(({ p99Ms }) => p99Ms))
  const [best] = PEERS.toSorted((one, other) => slowest(one) - slowest(other))
  const peer = best ?? PEERS[0]
  const ratio = ratioOf(turnsFor(turns, 'misses'), turnsFor(turns, peer), ({ p99Ms }) => p99Ms)
  return {
    what: `${SERVERS.misses}: p99 to that of the best peer (${SERVERS[peer]})`,
    ...{ aim: '≤ 1 ×', measured: times(ratio), perCpu: '', isMet: ratio <= 1 },
  }
}

function inMemory(turns: Turns, name: ServerName): Aim {
  const mib = Math.max(...turnsFor(turns, name).map(({ residentBytes }) => residentBytes)) / MIB
  return {
    what: `${SERVERS[name]}: memory of the server`,
    aim: `< ${MEMORY_MIB_MAX} MiB`,
    ...{ measured: `${mib.toFixed(0)} MiB`, perCpu: '', isMet: mib < MEMORY_MIB_MAX },
  }
}

function turnsFor(turns: Turns, name: ServerName) {
  return turnsOf(turns, CONNECTIONS, name)
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`
}
