import type { ExportCost } from './insight-export.ts'
import type { Reads } from './insight-plans.ts'
import type { Times } from './insight-times.ts'
import { DASHBOARD, largestOf, READINGS, type Size } from './insight-world.ts'
import { figure, tableOf } from './report.ts'

/** How long a question took in both databases, and what the large one reads for it. */
export interface Answered {
  name: string
  small: Times
  large: Times
  reads: Reads
}

/** All that was measured. */
export interface InsightFigures {
  machine: string
  small: Size
  large: Size
  steady: readonly Answered[]
  growing: readonly Answered[]
  exports: readonly ExportCost[]
}

const MIB = 1024 * 1024
const TIMES = ['small, p50 ms', 'large, p50 ms', 'ratio', 'small, p95 ms', 'large, p95 ms']
const RATIO_MAX = 2
const EXPORT_MIB_MAX = 200

/** The section of docs/bench.md. */
export function reportOf(figures: InsightFigures): string {
  const { steady, growing, exports } = figures
  return [
    ...aboutData(figures),
    '',
    '### As fast in a large database',
    '',
    `The aim is a ratio of the medians of ${RATIO_MAX} at most: ${metBy(steady.map(ratioOf), RATIO_MAX)}.`,
    '',
    tableOf(['asked for', ...TIMES, 'found by'], steady.map(rowOf)),
    '',
    '### What grows with the workspace',
    '',
    ...aboutGrowing(figures),
    '',
    tableOf(['asked for', ...TIMES, 'found by'], growing.map(rowOf)),
    '',
    '### Exports',
    '',
    `The aim is ${EXPORT_MIB_MAX} MiB more than idle at most: ${metBy(exports.map(addedMib), EXPORT_MIB_MAX)}. The server is`,
    'another process, which had answered nothing before; the peak is the kernel’s own account of it. It',
    'stops growing early: what is added is mostly what V8 has not cleared away yet.',
    '',
    tableOf(
      ['export', 'lines', 'lines/s', 'seconds', 'idle MiB', 'peak MiB', 'added MiB'],
      exports.map(exportRowOf),
    ),
  ].join('\n')
}

function aboutData({ machine, small, large }: InsightFigures): string[] {
  const sizeOf = ({ accounts, publications }: Size) =>
    `${figure(accounts)} accounts, ${figure(publications)} publications and ` +
    `${figure(publications * READINGS)} readings of them`
  return [
    `Measured on ${machine}, which runs on the same machine with its usual settings, but`,
    'without `fsync`, unless `WEIR_BENCH_DATABASE_URL` names another. Both databases were made by the',
    'benchmark in SQL, and are asked in turn by one process, through the loaders that serve requests.',
    '',
    `- *Large*: a workspace of ${sizeOf(large)},`,
    '  and a year of readings of every account.',
    `- *Small*: one of ${sizeOf(small)}.`,
    `- Both also have a workspace of ${figure(DASHBOARD.publications)} publications, of ${DASHBOARD.accounts} accounts.`,
    '- Rows lie in the order of time, so that those of an account are far apart. Every turn asks for',
    '  another account or another post.',
    '- The benchmark fails when the plan of one of the first table reads publications, or a month of',
    '  readings, from end to end.',
  ]
}

function aboutGrowing({ growing, large }: InsightFigures): string[] {
  const whole = growing.some(({ reads }) => reads.wholeTables.length > 0)
  return [
    `Of everything in the workspace, or of the account with most posts, which has ${figure(largestOf(large))}`,
    'in the large database: totals of a million posts read a million posts.',
    ...(whole ? ['Those read the table from end to end that say so.'] : []),
  ]
}

function rowOf({ name, small, large, reads }: Answered): string[] {
  const tables = reads.wholeTables.map((table) => `all of \`${table}\``)
  const found = [...reads.indexes.map((index) => `\`${index}\``), ...tables]
  return [
    name,
    ...[small.p50, large.p50, ratioOf({ small, large }), small.p95, large.p95].map(twoDigits),
    [...new Set(found)].join(', '),
  ]
}

function exportRowOf(cost: ExportCost): string[] {
  const { name, lines, seconds, idleBytes, peakBytes } = cost
  const numbers = [
    lines,
    lines / seconds,
    seconds,
    idleBytes / MIB,
    peakBytes / MIB,
    addedMib(cost),
  ]
  return [name, ...numbers.map(figure)]
}

function ratioOf({ small, large }: Pick<Answered, 'small' | 'large'>): number {
  return large.p50 / small.p50
}

function addedMib({ idleBytes, peakBytes }: ExportCost): number {
  return (peakBytes - idleBytes) / MIB
}

function metBy(values: readonly number[], max: number): string {
  const met = values.filter((value) => value <= max).length
  return met === values.length ? 'met by all' : `met by ${met} of ${values.length}`
}

function twoDigits(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0)
}
