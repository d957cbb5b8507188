import type { Account } from '../domain/account.ts'
import { heldUntil, scheduleHeldUntil } from '../domain/budget.ts'
import type { Refresh, RefreshOrigin } from '../domain/refresh.ts'
import { budgetsOfAccount } from '../store/budgets.ts'
import { recordChanges } from '../store/changes.ts'
import { lockedRun } from '../store/refresh-runs.ts'
import { requeueRefresh } from '../store/refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'

/**
 * Until when an account's platform allows it no call, as far as it said or its quota was counted;
 * null: it may be asked. What nobody wished for leaves a part of what is allowed.
 */
export async function accountHeldUntil(
  { db, now }: Pick<RefreshDependencies, 'db' | 'now'>,
  account: Pick<Account, 'workspaceId' | 'id' | 'platform'>,
  origin: RefreshOrigin,
): Promise<Date | null> {
  const until = origin === 'schedule' ? scheduleHeldUntil : heldUntil
  const budgets = await budgetsOfAccount(db, account.workspaceId, account, now())
  const ends = budgets.map((budget) => until(budget, now())?.getTime() ?? 0)
  const end = Math.max(0, ...ends)
  return end === 0 ? null : new Date(end)
}

/** Puts a refresh back into the queue until a time, as the attempt that it was. */
export async function postpone(
  { db, jobs, now }: Pick<RefreshDependencies, 'db' | 'jobs' | 'now'>,
  { workspaceId, id, accountId }: Refresh,
  job: { account: Account; attempt: number; until: Date },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // As it is now: somebody may have joined the wish, and widened it.
    const refresh = (await lockedRun(transaction, workspaceId, accountId))?.refresh
    if (refresh?.id !== id || refresh.status !== 'running') return
    await requeueRefresh(transaction, workspaceId, id, { ...refresh, upstreamCalls: 0 })
    await jobs.enqueueRefresh(transaction, {
      ...{ workspaceId, refreshId: id, accountId, platform: job.account.platform },
      ...{ attempt: job.attempt, startAfter: job.until },
      isPatient: refresh.origin === 'schedule',
    })
    await recordChanges(transaction, workspaceId, now(), { refreshes: [refresh] })
  })
}
