import { PLATFORMS } from '../src/domain/platform.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { canPin } from './child.ts'
import { machineOf } from './machine.ts'
import { openRefreshBench, type Round } from './refresh-bench.ts'
import { PLAN_PLATFORMS, type Plan } from './refresh-plan.ts'
import { figure, tableOf } from './report.ts'

const PLANS: readonly Plan[] = [
  { accounts: 10, publications: 1000 },
  { accounts: 1000, publications: 10 },
]

const HEAD = [
  'accounts × publications',
  'round',
  'publications/s',
  'per worker CPU second',
  'worker CPU s',
  'PostgreSQL CPU s',
  'statements per account refresh',
  'of these the queue’s',
  'transactions per account refresh',
  'statements per 100 publications',
  'upstream calls',
]

/**
 * Refreshes of many accounts over simulated platforms that answer at once: first when nothing was
 * ever read, then when everything is due again. Answers a section of docs/bench.md.
 */
export async function refreshBenchmark(): Promise<string> {
  const server = await startPostgresServer(process.env['WEIR_BENCH_DATABASE_URL'])
  try {
    const rows: string[][] = []
    let machine = ''
    for (const plan of PLANS) {
      await using bench = await openRefreshBench(server, plan)
      machine = await machineOf(bench.store)
      rows.push(rowOf(plan, 'first', await bench.refreshAll()))
      await bench.makeDue()
      rows.push(rowOf(plan, 'again', await bench.refreshAll()))
    }
    return [...describe(machine), '', tableOf(HEAD, rows)].join('\n')
  } finally {
    await server.close()
  }
}

function rowOf({ accounts, publications }: Plan, name: string, round: Round): string[] {
  const total = round.refreshed
  return [
    `${figure(accounts)} × ${figure(publications)}`,
    name,
    figure(total / round.seconds),
    figure(total / round.worker.cpuSeconds),
    figure(round.worker.cpuSeconds),
    round.postgresCpuSeconds === null ? 'unknown' : figure(round.postgresCpuSeconds),
    figure(round.worker.statements / accounts),
    figure(round.worker.queueStatements / accounts),
    figure(round.worker.transactions / accounts),
    figure((round.worker.statements / total) * 100),
    figure(round.calls),
  ]
}

function describe(machine: string): string[] {
  const pinned = canPin()
    ? 'pinned to one core with `taskset`; the platforms are on the others'
    : 'not pinned to a core: there is no `taskset`'
  return [
    `Measured on ${machine}. The worker is one process (\`weir worker\`), ${pinned}.`,
    'Its PostgreSQL runs on the same machine, without `fsync`, unless `WEIR_BENCH_DATABASE_URL` names',
    `another. ${PLAN_PLATFORMS.length} of the ${PLATFORMS.length} platforms, those that answer for many ids in a call, are evenly mixed;`,
    'they are simulated in another process, which answers as fast as it can. One look of the scheduler',
    'queues all accounts, in ten workspaces.',
    '',
    '- *First*: nothing was ever read, so every number is new, and a snapshot of it is kept.',
    '- *Again*: everything is due once more, and few numbers have changed.',
    '- Statements are all that the worker sent, those of the job queue included, without `begin` and',
    '  `commit`, whose pairs are the transactions. With ten accounts, those that ask the queue in vain',
    '  weigh most.',
    '- What else runs on the machine slows the seconds down, and CPU seconds less.',
  ]
}
