import type { Account } from '../domain/account.ts'
import type { Refresh, RefreshQuota } from '../domain/refresh.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { lastCharges } from '../store/refreshes.ts'
import { takeUnits, usedInMonths } from '../store/usage.ts'
import { workspaceById } from '../store/workspaces.ts'
import {
  type Allowance,
  allowanceOf,
  coolsUntil,
  hasLeft,
  hoursUntil,
  monthOf,
  quotaAt,
} from './allowance.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { joinOrInsert, type QueuedRefresh, queueJob, type Wish } from './queueing.ts'

/** Why a wish that is due has to wait. */
export type Delay =
  | { kind: 'cooldown'; nextRefreshAt: Date; hoursRemaining: number }
  | { kind: 'quota_exceeded'; monthlyQuota: RefreshQuota }

/** What a workspace allows people, as of the instant at which a wish is decided on. */
export interface Admission {
  workspaceId: string
  allowance: Allowance
  now: Date
}

/** Opens the decision on a wish of somebody's. */
export async function openAdmission(
  { now, limits }: Pick<RefreshDependencies, 'now' | 'limits'>,
  transaction: Db,
  workspaceId: string,
): Promise<Admission> {
  const workspace = await workspaceById(transaction, workspaceId)
  if (!workspace) throw new Error(`There is no workspace ${workspaceId}.`)
  return { workspaceId, allowance: allowanceOf(workspace, limits), now: now() }
}

/** Until when each of these accounts cools down that does, by its id. */
export async function coolingAccounts(
  transaction: Db,
  { workspaceId, allowance, now }: Admission,
  accounts: readonly Pick<Account, 'id'>[],
): Promise<Map<string, Date>> {
  if (allowance.cooldownHours === 0 || accounts.length === 0) return new Map()
  const ids = accounts.map(({ id }) => id)
  const cooling = new Map<string, Date>()
  for (const [id, chargedAt] of await lastCharges(transaction, workspaceId, ids)) {
    const end = coolsUntil(chargedAt, now, allowance)
    if (end) cooling.set(id, end)
  }
  return cooling
}

/** The refusal of a wish whose accounts cool down until then: the soonest counts. */
export function coolingDown(ends: readonly Date[], { now }: Admission): Delay {
  const nextRefreshAt = new Date(Math.min(...ends.map((end) => end.getTime())))
  return { kind: 'cooldown', nextRefreshAt, hoursRemaining: hoursUntil(nextRefreshAt, now) }
}

/**
 * Queues refreshes that people wish for, of accounts that are locked: each that is new takes a unit
 * of the month's quota, and begins its account's cooldown. Where the quota is too small for all,
 * throws what undoes the transaction: `delayedInstead` makes an answer of it.
 */
export async function queueCharged(
  deps: Pick<RefreshDependencies, 'jobs' | 'newId' | 'now'>,
  transaction: Db,
  admission: Admission,
  wishes: readonly Wish[],
): Promise<Refresh[]> {
  const { workspaceId, now } = admission
  const queued: (QueuedRefresh & { wish: Wish })[] = []
  for (const wish of wishes) {
    const covering = await joinOrInsert(deps, transaction, { ...wish, chargedAt: now })
    queued.push({ ...covering, wish })
  }
  const added = queued.filter(({ isNew }) => isNew)
  if (added.length > 0) {
    await charge(transaction, admission, added.length)
    for (const { wish, refresh } of added) await queueJob(deps, transaction, wish, refresh)
    const refreshes = added.map(({ refresh }) => refresh)
    await recordChanges(transaction, workspaceId, now, { refreshes })
  }
  return queued.map(({ refresh }) => refresh)
}

async function charge(transaction: Db, admission: Admission, units: number): Promise<void> {
  const { workspaceId, allowance, now } = admission
  const wished = { month: monthOf(now), units, limit: allowance.monthlyQuota }
  if (await takeUnits(transaction, workspaceId, wished)) return
  throw new QuotaTooSmall(await currentQuota(transaction, admission))
}

/** The refusal of a wish that takes more units than are left; null: there are enough. */
export async function exceededQuota(
  transaction: Db,
  admission: Admission,
  units: number,
): Promise<Delay | null> {
  if (units === 0) return null
  const quota = await currentQuota(transaction, admission)
  return hasLeft(quota, units) ? null : { kind: 'quota_exceeded', monthlyQuota: quota }
}

async function currentQuota(
  transaction: Db,
  { workspaceId, allowance, now }: Admission,
): Promise<RefreshQuota> {
  const month = monthOf(now)
  const used = await usedInMonths(transaction, workspaceId, [month])
  return quotaAt(now, used.get(month) ?? 0, allowance)
}

/** What was asked for, or its refusal when the quota turned out to be too small in the end. */
export async function delayedInstead<Answer>(asked: Promise<Answer>): Promise<Answer | Delay> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof QuotaTooSmall)) throw error
    return { kind: 'quota_exceeded', monthlyQuota: error.quota }
  }
}

/** Thrown to undo a wish whose units others took at the same time. */
class QuotaTooSmall extends Error {
  override readonly name = 'QuotaTooSmall'
  readonly quota: RefreshQuota

  constructor(quota: RefreshQuota) {
    super('The quota is too small.')
    this.quota = quota
  }
}
