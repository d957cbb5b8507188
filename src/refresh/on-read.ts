import type { Account } from '../domain/account.ts'
import type { Notices, RefreshStep } from '../domain/notice.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { SyncState } from '../domain/sync.ts'
import { accountsByIds, lockedAccounts } from '../store/accounts.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { publicationsByIds } from '../store/publications.ts'
import {
  activeRefreshes,
  failedRefreshes,
  insertRefreshes,
  refreshesByIds,
} from '../store/refreshes.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { isWider } from './planner.ts'
import { isStale, secondsAfter } from './policy.ts'
import { joinRefresh, type Wish } from './queueing.ts'

// What could not be read is not asked for at every read: that would bring the same, and take as long.
const REST_SECONDS = 60

/** Rows that are about to be served, and are to be fresh. */
export interface ReadWish {
  /** Accounts whose own numbers are served. */
  accounts?: readonly Account[]
  publications?: readonly Publication[]
  /** Whether fresh rows are read again as well. */
  force: boolean
}

/** What refreshing on read needs. */
export interface OnReadDependencies extends RefreshDependencies {
  notices: Notices
}

/**
 * Has what is stale of these rows read from its platforms, and waits for it, but for no longer than
 * the budget. Whatever is not ready by then goes on, and so does what waits for its platform.
 * Nobody is charged. Answers whether rows may be others than they were.
 */
export async function refreshOnRead(
  deps: OnReadDependencies,
  workspaceId: string,
  wish: ReadWish,
  budgetMs: number,
): Promise<boolean> {
  const wanted = wantedOf(wish, deps.now())
  if (!(await isAnyConnected(deps.db, workspaceId, wanted))) return false
  const watch = watchRefreshes(deps, workspaceId)
  const timer = setTimeout(watch.giveUp, budgetMs)
  try {
    const { refreshes, isLate } = await deps.db
      .transaction()
      .execute((transaction) => queueLive(deps, transaction, workspaceId, wish))
    const ids = refreshes.filter((each) => !isPutOff(each)).map(({ id }) => id)
    return (await watch.haveRun(ids)) || isLate
  } finally {
    clearTimeout(timer)
    watch.end()
  }
}

// Of what nobody can refresh, a read has nothing to lock.
async function isAnyConnected(db: Db, workspaceId: string, wanted: Wanted): Promise<boolean> {
  if (wanted.size === 0) return false
  const accounts = await accountsByIds(db, workspaceId, [...wanted.keys()])
  return accounts.some(isConnected)
}

function isConnected({ connectionStatus }: Account): boolean {
  return connectionStatus === 'connected'
}

/** What is wanted of each account, by its id. */
type Wanted = Map<string, Pick<Wish, 'publicationIds'>>

function wantedOf({ accounts = [], publications = [], force }: ReadWish, now: Date): Wanted {
  const isWanted = (state: SyncState) => force || isStale(state, now)
  const whole = new Set(accounts.filter(isWanted).map(({ id }) => id))
  const parts = Map.groupBy(publications.filter(isWanted), ({ accountId }) => accountId)
  const wanted: Wanted = new Map()
  for (const id of new Set([...whole, ...parts.keys()])) {
    const part = parts.get(id)?.map((each) => each.id) ?? []
    // The account's own numbers and single publications together are named by the whole alone.
    wanted.set(id, { publicationIds: whole.has(id) && part.length > 0 ? null : part })
  }
  return wanted
}

interface Queued {
  refreshes: Refresh[]
  /** Whether somebody else was faster with some of the rows. */
  isLate: boolean
}

/** A refresh for each account that is connected: its active one or a new one. */
async function queueLive(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  wish: ReadWish,
): Promise<Queued> {
  const now = deps.now()
  const before = wantedOf(wish, now)
  const locked = await lockedAccounts(transaction, workspaceId, [...before.keys()])
  const current = await currentRows(transaction, workspaceId, wish, locked)
  const wanted = wantedOf({ ...current, force: wish.force }, now)
  const wishes = locked.flatMap((account): Wish[] => {
    const part = isConnected(account) ? wanted.get(account.id) : undefined
    return part ? [{ account, origin: 'live', ...part }] : []
  })
  const ids = wishes.map(({ account }) => account.id)
  const active = await activeRefreshes(transaction, workspaceId, ids)
  const byAccount = new Map(active.map((refresh) => [refresh.accountId, refresh]))
  const refreshes: Refresh[] = []
  for (const each of wishes) {
    const refresh = byAccount.get(each.account.id)
    if (refresh) refreshes.push((await joinRefresh(deps, transaction, refresh, each)) ?? refresh)
  }
  const others = wishes.filter(({ account }) => !byAccount.has(account.id))
  const added = wish.force ? others : await notJustFailed(transaction, workspaceId, others, now)
  refreshes.push(...(await addRefreshes(deps, transaction, workspaceId, added)))
  return { refreshes, isLate: wanted.size < before.size }
}

/** The wishes that no refresh covered which has just failed. */
async function notJustFailed(
  transaction: Db,
  workspaceId: string,
  wishes: readonly Wish[],
  now: Date,
): Promise<Wish[]> {
  const ids = wishes.map(({ account }) => account.id)
  const since = secondsAfter(now, -REST_SECONDS)
  const failed = await failedRefreshes(transaction, workspaceId, ids, since)
  return wishes.filter((wish) =>
    failed.every((refresh) => refresh.accountId !== wish.account.id || isWider(wish, refresh)),
  )
}

// A refresh may have ended since the rows were read, and before the accounts were locked.
async function currentRows(
  transaction: Db,
  workspaceId: string,
  { accounts = [], publications = [] }: ReadWish,
  locked: readonly Account[],
): Promise<Pick<ReadWish, 'accounts' | 'publications'>> {
  const ids = new Set(accounts.map(({ id }) => id))
  const publicationIds = publications.map(({ id }) => id)
  return {
    accounts: locked.filter(({ id }) => ids.has(id)),
    publications:
      publicationIds.length === 0
        ? []
        : await publicationsByIds(transaction, workspaceId, publicationIds),
  }
}

async function addRefreshes(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  wishes: readonly Wish[],
): Promise<Refresh[]> {
  if (wishes.length === 0) return []
  const now = deps.now()
  const added = await insertRefreshes(
    transaction,
    workspaceId,
    wishes.map(({ account, origin, publicationIds }) => {
      const about = { accountId: account.id, origin, publicationIds }
      return { id: deps.newId(), ...about, requestedAt: now, chargedAt: null }
    }),
  )
  const platforms = new Map(wishes.map(({ account }) => [account.id, account.platform]))
  const jobs = added.flatMap(({ id: refreshId, accountId }) => {
    const platform = platforms.get(accountId)
    return platform ? [{ workspaceId, refreshId, accountId, platform, attempt: 1 }] : []
  })
  await deps.jobs.enqueueRefreshes(transaction, jobs)
  await recordChanges(transaction, workspaceId, now, { refreshes: added })
  return added
}

/** Whether a refresh has run and waits to run again, which may take long. */
function isPutOff({ status, startedAt }: Pick<Refresh, 'status' | 'startedAt'>): boolean {
  return status === 'queued' && startedAt !== null
}

function hasRun(step: RefreshStep): boolean {
  return isPutOff(step) || step.finishedAt !== null
}

interface Watch {
  /** Resolves when all of these have run, or at `giveUp`: whether any has. */
  haveRun(ids: readonly string[]): Promise<boolean>
  giveUp(): void
  end(): void
}

/** Hears of every refresh of the workspace from now on. */
function watchRefreshes({ db, notices, log }: OnReadDependencies, workspaceId: string): Watch {
  const done = new Set<string>()
  const over = Promise.withResolvers<void>()
  let awaited: readonly string[] | null = null
  const note = (steps: readonly RefreshStep[]) => {
    for (const step of steps) if (hasRun(step)) done.add(step.id)
    if (awaited?.every((id) => done.has(id))) over.resolve()
  }
  const reread = async () => note(await refreshesByIds(db, workspaceId, awaited ?? []))
  const end = notices.subscribe(workspaceId, {
    onNotice: ({ refreshes }) => note(refreshes),
    onGap: () => {
      reread().catch((error) => log.warn({ error: String(error) }, 'refreshes could not be read'))
    },
  })
  return {
    async haveRun(ids) {
      awaited = ids
      note([])
      await over.promise
      return ids.some((id) => done.has(id))
    },
    giveUp: () => over.resolve(),
    end,
  }
}
