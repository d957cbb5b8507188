import { Counter, Gauge, type Registry } from 'prom-client'
import type { ConnectionFigures, DatabaseFigures } from '../domain/figures.ts'
import { within } from './deadline.ts'

/** Where figures come from that are asked for when somebody wants to know. */
export interface FigureSources {
  /** What the database knows. May throw, and may be slow: it is asked seldom. */
  database?: () => Promise<DatabaseFigures>
  /** How long its answer is waited for; left out: two seconds. */
  timeoutMs?: number
  /** Null: the database is embedded, and has none. */
  connections?: () => ConnectionFigures | null
}

/** How long what the database said is told again before it is asked anew. */
export const FIGURES_KEPT_MS = 15_000
const TIMEOUT_MS = 2000

/**
 * Tells what the database knows, the same from every process. The answer looks at it, for a moment at
 * most, before somebody reads the registry; without an answer its numbers are left out.
 */
export function createDatabaseMetrics(
  registry: Registry,
  sources: FigureSources,
): () => Promise<void> {
  const show = createFigureGauges(registry)
  const failures = new Counter({
    ...{ name: 'weir_scrape_failures_total', registers: [registry] },
    help: 'Times that the database did not say what was asked of it for these metrics.',
  })
  tellConnections(registry, sources)
  const { database, timeoutMs = TIMEOUT_MS } = sources
  if (database === undefined) return async () => {}
  const look = lookedAtOnce(async () => {
    try {
      show(await database())
      return true
    } catch {
      show(null)
      failures.inc()
      return false
    }
  })
  return async () => {
    const isInTime = look().then(() => true)
    if (await within(timeoutMs, isInTime, false)) return
    show(null)
    failures.inc()
  }
}

// One look at a time, whoever asks; and what it brought holds for a while.
function lookedAtOnce(look: () => Promise<boolean>): () => Promise<void> {
  let underWay: Promise<void> | null = null
  let holdsUntil = 0
  return async () => {
    if (underWay === null && performance.now() < holdsUntil) return
    underWay ??= look().then((isGood) => {
      underWay = null
      holdsUntil = isGood ? performance.now() + FIGURES_KEPT_MS : 0
    })
    await underWay
  }
}

function createFigureGauges(registry: Registry): (figures: DatabaseFigures | null) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `weir_${name}`, help, labelNames, registers: [registry] })
  const jobs = gauge('queue_jobs', 'Refreshes in the queues of all processes.', 'platform', 'state')
  const oldest = gauge(
    'queue_oldest_seconds',
    'How long the oldest refresh that could start has not.',
    'platform',
  )
  const calls = gauge('upstream_day_calls', 'Calls on the platform’s day.', 'platform')
  const limit = gauge('upstream_budget_limit', 'What the application may use.', 'platform')
  const used = gauge('upstream_budget_used', 'What the application has used of it.', 'platform')
  const held = gauge(
    'upstream_accounts_held',
    'Accounts that wait for the end of a limit of their own.',
    'platform',
  )
  return (figures) => {
    for (const each of [jobs, oldest, calls, limit, used, held]) each.reset()
    for (const { platform, ready, deferred, active, oldestReadySeconds } of figures?.queues ?? []) {
      const states = { ready, deferred, active }
      for (const [state, count] of Object.entries(states)) jobs.set({ platform, state }, count)
      oldest.set({ platform }, oldestReadySeconds)
    }
    for (const { platform, ...budget } of figures?.budgets ?? []) {
      calls.set({ platform }, budget.calls)
      held.set({ platform }, budget.accountsHeld)
      if (budget.limit !== null) limit.set({ platform }, budget.limit)
      if (budget.used !== null) used.set({ platform }, budget.used)
    }
  }
}

function tellConnections(registry: Registry, { connections }: FigureSources): void {
  const registers = [registry]
  new Gauge({
    ...{ name: 'weir_database_connections', labelNames: ['state'], registers },
    help: 'Connections of this process to the database server for its queries.',
    collect() {
      const figures = connections?.() ?? null
      if (figures === null) return
      this.set({ state: 'in_use' }, figures.inUse)
      this.set({ state: 'idle' }, figures.idle)
    },
  })
  const tell = (name: string, help: string, key: 'max' | 'waiting') =>
    new Gauge({
      ...{ name: `weir_database_${name}`, help, registers },
      collect() {
        this.set(connections?.()?.[key] ?? 0)
      },
    })
  tell('connections_max', 'The most connections that this process may open; 0: embedded.', 'max')
  tell('waiting', 'Statements that wait for a connection.', 'waiting')
}
