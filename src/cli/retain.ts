import { readConfig } from '../config.ts'
import { retain as letGo, type Retained, type Retention } from '../refresh/retention.ts'
import { openMigrated } from './database.ts'
import { RETENTION_VARIABLES } from './retention-variables.ts'
import type { Terminal } from './terminal.ts'

/** What `weir retain` is told. */
export interface RetainOptions {
  /** Whether it only counts. */
  dryRun?: boolean
}

/**
 * Lets go of what is older than it is kept, as processes that refresh do by themselves. Answers the
 * exit code: 1 when something is left.
 */
export async function retain(
  terminal: Terminal,
  { dryRun: isDry = false }: RetainOptions,
): Promise<number> {
  const config = readConfig(terminal.environment)
  const { retention } = config
  if (Object.values(retention).every((days) => days === null)) {
    const names = RETENTION_VARIABLES.map(({ name }) => name).join(', ')
    terminal.report(`Everything is kept for ever: none of ${names} is set.`)
    return 0
  }
  const store = await openMigrated(config)
  try {
    const done = await letGo({ db: store.db, now: terminal.now, retention, isDry })
    for (const line of linesOf(done, retention, isDry)) terminal.report(line)
    return done.isUnfinished ? 1 : 0
  } finally {
    await store.close()
  }
}

function linesOf(done: Retained, retention: Retention, isDry: boolean): string[] {
  const { snapshotDailyAfterDays, snapshotKeepDays, refreshKeepDays } = retention
  const { thinned, dropped, kept, refreshes, isUnfinished } = done
  const go = isDry ? 'would go' : 'are gone'
  const rest = 'Not all of it: something is in use, or another process does the same. Run it again.'
  const lines = [
    [snapshotDailyAfterDays, `${thinned} snapshots that a later one of their day follows ${go}.`],
    [snapshotKeepDays, `${dropped} snapshots of months that are too old ${go}, ${kept} stay.`],
    [refreshKeepDays, `${refreshes} refreshes that ended long ago ${go}.`],
    [isUnfinished ? 1 : null, rest],
  ] as const
  return lines.flatMap(([isAsked, line]) => (isAsked === null ? [] : [line]))
}
