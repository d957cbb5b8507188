import { setTimeout as wait } from 'node:timers/promises'
import { readConfig } from '../config.ts'
import type { Now } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { Db } from '../store/connect.ts'
import {
  NUMBERED_TABLES,
  type NumberedTable,
  outdatedCount,
  renormalizeStep,
  type WalkedStep,
  type WalkStep,
} from '../store/renormalize.ts'
import { allWorkspaces } from '../store/workspaces.ts'
import { openMigrated } from './database.ts'
import { type Progress, startProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

const ROWS_PER_STEP = 2000

// What somebody is writing is asked for again after a while, for about ten seconds.
const ATTEMPTS = 20
const AGAIN_MS = 500

/** What `weir renormalize` is told. */
export interface RenormalizeOptions {
  /** Whether rows of the present catalogue are computed as well. */
  all?: boolean
  /** Only this workspace's rows. */
  workspace?: string
  /** Whether it only counts what would change. */
  dryRun?: boolean
}

/** What was done with the rows of a table. */
export type RenormalizedRows = Pick<WalkedStep, 'rows' | 'changed' | 'left'>

/**
 * Computes normalized numbers once more, of rows that an older catalogue made. Can be ended at any
 * time: what is left is found by the next run. Answers the exit code: 1 when rows are left.
 */
export async function renormalize(
  terminal: Terminal,
  options: RenormalizeOptions,
): Promise<number> {
  const store = await openMigrated(readConfig(terminal.environment))
  try {
    const workspaces = await workspacesOf(store.db, options.workspace)
    let left = 0
    for (const table of NUMBERED_TABLES) {
      const done = await renormalizeTable(store.db, terminal, { ...options, workspaces, table })
      terminal.report(summaryOf(table, done, options.dryRun === true))
      left += done.left
    }
    return left === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

async function workspacesOf(db: Db, workspace: string | undefined): Promise<string[]> {
  const ids = (await allWorkspaces(db)).map(({ id }) => id)
  if (workspace === undefined) return ids
  if (ids.includes(workspace)) return [workspace]
  throw new AppError('BAD_USER_INPUT', `There is no workspace ${workspace}.`)
}

interface TableWork extends RenormalizeOptions {
  workspaces: readonly string[]
  table: NumberedTable
}

async function renormalizeTable(
  db: Db,
  terminal: Terminal,
  { workspaces, table, all: includesCurrent = false, dryRun: isDry = false }: TableWork,
): Promise<RenormalizedRows> {
  const counts = new Map<string, number>()
  for (const id of workspaces) {
    counts.set(id, await outdatedCount(db, id, table, { includesCurrent }))
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const progress = startProgress(terminal, { label: `${table}s`, total })
  const done = { rows: 0, changed: 0, left: 0 }
  for (const [workspaceId, count] of counts) {
    if (count === 0) continue
    const step = { includesCurrent, isDry, limit: ROWS_PER_STEP, now: terminal.now() }
    const walked = await walk({ db, workspaceId, table, now: terminal.now }, step, progress)
    for (const key of ['rows', 'changed', 'left'] as const) done[key] += walked[key]
  }
  progress.end()
  return done
}

interface Walked {
  db: Db
  workspaceId: string
  table: NumberedTable
  now: Now
}

async function walk(
  walked: Walked,
  step: Omit<WalkStep, 'after'>,
  progress: Progress,
): Promise<RenormalizedRows> {
  const done = { rows: 0, changed: 0, left: 0 }
  let after: WalkStep['after'] = null
  do {
    const taken: WalkedStep = await takeStep(walked, { ...step, after })
    for (const key of ['rows', 'changed', 'left'] as const) done[key] += taken[key]
    progress.advance(taken.rows)
    after = taken.last
  } while (after !== null)
  return done
}

/** One step; of rows that somebody was writing the last count is the one that holds. */
async function takeStep(
  { db, workspaceId, table, now }: Walked,
  step: WalkStep,
): Promise<WalkedStep> {
  const first = await renormalizeStep(db, workspaceId, table, step)
  let { changed, left } = first
  for (let attempt = 1; left > 0 && attempt < ATTEMPTS; attempt += 1) {
    await wait(AGAIN_MS)
    const part = { ...step, upTo: first.last, now: now() }
    const again = await renormalizeStep(db, workspaceId, table, part)
    changed += again.changed
    left = again.left
  }
  return { ...first, changed, left }
}

function summaryOf(
  table: NumberedTable,
  { rows, changed, left }: RenormalizedRows,
  isDry: boolean,
) {
  const looked = `${table}: ${rows} row${rows === 1 ? '' : 's'} looked at`
  const verb = isDry ? 'would have' : changed === 1 ? 'has' : 'have'
  const numbers = `${changed} ${verb} other numbers${isDry ? '' : ' now'}`
  const rest = left === 0 ? '' : `; ${left} were being written all the time: run it again`
  // An account's numbers are computed whenever it is read.
  return `${looked}${table === 'account' ? '' : `, ${numbers}`}${rest}.`
}
