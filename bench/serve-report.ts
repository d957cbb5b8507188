import { canPin } from './child.ts'
import { figure, tableOf } from './report.ts'
import { type Aim, dashboardAims, pageAims } from './serve-aims.ts'
import { SERVERS, type ServerName } from './serve-contest.ts'
import { median, turnsOf } from './serve-figures.ts'
import type { Extent, Turn, Turns } from './serve-rounds.ts'

const MIB = 1024 * 1024

/** What was measured. */
export interface Measured {
  machine: string
  /** The machine's load average of a minute, before anything was started. */
  loadBefore: number
  extent: Extent & { publications: number }
  dashboard: Turns
  page: Turns
}

/** The section of docs/bench.md. */
export function reportOf(measured: Measured): string {
  const { dashboard, page } = measured
  return [
    ...describe(measured),
    '\n### The dashboard: 25 rows\n',
    ...[aimsTable(dashboardAims(dashboard)), '', turnsTable(dashboard)],
    '\n### A page over REST: 100 rows\n',
    ...[aimsTable(pageAims(page)), '', turnsTable(page)],
  ].join('\n')
}

function describe({ machine, loadBefore, extent }: Measured): string[] {
  const { publications, rounds, seconds } = extent
  const pinned = canPin() ? 'has the last core for itself' : 'is not pinned to a core'
  return [
    `Measured on ${machine}, whose load average was ${figure(loadBefore)} before the start,`,
    `over ${figure(publications)} publications. The server under load ${pinned}; the load`,
    '(autocannon, closed loop, no pipelining) and PostgreSQL, without `fsync`, share the others.',
    `Every server has ${rounds} turns of ${seconds} s with 1 connection and with 16, one after the other, each`,
    'round begun by another. Figures are medians of the turns; ratios are medians of the ratios',
    'within a round, with 16 connections. Aims are judged by answers/s; beside them is the ratio of',
    'answers to a second of the server’s processor, which the load and the database have no part in.',
    '',
    '- Weir is `weir serve --no-worker`, with its limits of requests raised. It checks keys, scopes,',
    '  costs and depths, which the peers do not, but for a key that they compare with one hash.',
    '- Mercurius 16 (Fastify 5, `jit: 1`) and Apollo Server 5 (its standalone server) have Weir’s own',
    '  schema, DataLoader, and prepared statements of their own over `pg` that select the columns',
    '  which Weir selects. Before anything is measured, their answers are compared with Weir’s: they',
    '  are the same.',
    '- PostGraphile 5 (Amber preset) makes its schema of the tables, so its answer has another shape:',
    '  columns in place of the groups of fields, big integers as text, and the whole native numbers',
    '  as JSON in place of the union. Rows, accounts and entries are compared, and are the same.',
    '- Entries are computed by the same code in all of them, from Weir’s catalogue.',
    '- Raw `node:http` answers the bytes of Weir’s answer to whatever comes, unread.',
    '- Memory is what the server’s process holds at the end of its turns. Weir’s has served both.',
  ]
}

function aimsTable(aims: readonly Aim[]): string {
  const head = ['with 16 connections', 'aim', 'measured', 'per CPU second', '']
  const rows = aims.map(({ what, aim, measured, perCpu, isMet }) => [
    ...[what, aim, measured, perCpu, isMet ? 'met' : '**missed**'],
  ])
  return tableOf(head, rows)
}

function turnsTable(turns: Turns): string {
  const head = [
    '',
    'connections',
    'answers/s',
    'p50 ms',
    'p99 ms',
    'CPU ms per answer',
    'memory MiB',
  ]
  const rows = [...turns].flatMap(([connections, byServer]) =>
    [...byServer.keys()].map((name) => rowOf(turns, connections, name)),
  )
  return tableOf(head, rows)
}

function rowOf(turns: Turns, connections: number, name: ServerName): string[] {
  const own = turnsOf(turns, connections, name)
  const middle = (pick: (turn: Turn) => number) => median(own.map(pick))
  return [
    SERVERS[name],
    `${connections}`,
    figure(middle(({ answersPerSecond }) => answersPerSecond)),
    middle(({ p50Ms }) => p50Ms).toFixed(2),
    middle(({ p99Ms }) => p99Ms).toFixed(2),
    middle(({ cpuMsPerAnswer }) => cpuMsPerAnswer).toFixed(3),
    figure(middle(({ residentBytes }) => residentBytes) / MIB),
  ]
}
