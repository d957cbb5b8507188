import type { Account } from '../domain/account.ts'
import type { Failure } from '../domain/connector.ts'
import type { Platform } from '../domain/platform.ts'
import type { Refresh } from '../domain/refresh.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import type { SealedTokens } from '../store/connections.ts'
import { lockedRun, startRefresh } from '../store/refresh-runs.ts'
import { finishRefresh, requeueRefresh } from '../store/refreshes.ts'
import { collectWrites } from '../store/writes.ts'
import { absentConnector } from './absent-connector.ts'
import { type Conclusion, concludeRun, type Evidence } from './conclusion.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { type Findings, noFindings, type Reader, readPlanned } from './findings.ts'
import { isWider, planOf } from './planner.ts'
import { decideRetryAt, isAttempt, limitedUntil, secondsAfter, type Tried } from './policy.ts'
import { failuresIn, reportEnd } from './report.ts'
import {
  endStatus,
  ensureRows,
  recordConclusion,
  type StoringDependencies,
  storeConclusion,
} from './storing.ts'
import { openSession } from './tokens.ts'
import { openUsage, type Usage } from './usage.ts'
import { accountHeldUntil, postpone } from './waiting.ts'
import { isOutgrown, putOffDue, type Wished, wishedOf } from './wished.ts'

const DISCONNECTED = 'The account was disconnected.'

/** What a run needs, and what can end it early. */
export interface EngineDependencies
  extends RefreshDependencies,
    Pick<StoringDependencies, 'partitions'> {
  /** Aborts when the process stops: what is left goes back into the queue. */
  stopping?: AbortSignal
  /** Aborts when another worker has taken the refresh over: only what calls cost is stored. */
  claim?: AbortSignal
}

/**
 * Runs a refresh: reads what was wished for, and stores all of it in one transaction, so that a
 * run that was killed leaves nothing behind and can be run again. Platforms' failures end up in
 * the rows and in the refresh. A refresh that has ended is left alone. Throws on a fault of ours.
 */
export async function runRefresh(
  deps: EngineDependencies,
  workspaceId: string,
  refreshId: string,
  attempt: number,
): Promise<void> {
  const started = await startRefresh(deps.db, workspaceId, refreshId, deps.now())
  if (started === null) return
  const { refresh, account, tokens } = started
  const { platform } = account
  if (attempt > deps.limits.attempts) {
    const errorMessage = 'It broke off every time that it was tried.'
    return endAsFailed(deps, refresh, { platform, errorMessage, putOff: account })
  }
  if (!tokens || account.connectionStatus !== 'connected') {
    const errorMessage = 'The account is not connected.'
    return endAsFailed(deps, refresh, { platform, errorMessage, putOff: null })
  }
  const held = await accountHeldUntil(deps, account, refresh.origin)
  if (held !== null) return wait(deps, refresh, { account, attempt, until: held })
  await readAndStore(await openRun(deps, account, tokens, attempt), refresh)
}

/** Asks nothing before a time, unless that is later than a refresh may wait. */
async function wait(
  deps: EngineDependencies,
  refresh: Refresh,
  job: { account: Account; attempt: number; until: Date },
): Promise<void> {
  const tried = { requestedAt: refresh.requestedAt, now: deps.now(), soonest: 0 }
  if (limitedUntil(job.until, tried, deps.limits)) return postpone(deps, refresh, job)
  const errorMessage = `The platform allows no more calls before ${job.until.toISOString()}.`
  return endAsFailed(deps, refresh, { platform: job.account.platform, errorMessage, putOff: null })
}

/** A run of a refresh while it goes on. */
export interface Run {
  deps: EngineDependencies
  account: Account
  attempt: number
  reader: Reader
  findings: Findings
  usage: Usage
  /** The refresh once it has ended; null: it goes on, in another run. */
  ended: Refresh | null
}

/** Begins to read of an account: nothing is asked yet, but for new tokens where they are needed. */
export async function openRun(
  deps: EngineDependencies,
  account: Account,
  tokens: SealedTokens,
  attempt: number,
): Promise<Run> {
  const usage = openUsage(account, deps.now)
  const ends = [AbortSignal.timeout(deps.limits.refreshDeadlineMs), deps.stopping, deps.claim]
  const context = {
    signal: AbortSignal.any(ends.filter((signal) => signal !== undefined)),
    now: deps.now(),
    onUpstreamCall: usage.onUpstreamCall,
    onBudget: usage.onBudget,
  }
  const connector = deps.connectors[account.platform] ?? absentConnector(account.platform)
  const session = await openSession({ deps, account, connector, context }, tokens)
  const reader = { connector, session, context, limits: deps.limits }
  const findings = noFindings()
  return { deps, account, attempt, reader, findings, usage, ended: null }
}

async function readAndStore(run: Run, refresh: Refresh): Promise<void> {
  const { deps, account, reader, findings } = run
  let wish: Refresh | null = refresh
  while (wish !== null) {
    const covered: Refresh = wish
    const reading = { now: deps.now(), limits: deps.limits }
    const wished = await wishedOf(deps, covered)
    await readPlanned(reader, planOf(covered, account, wished, reading), findings)
    if (deps.claim?.aborted) return run.usage.store(deps.db)
    wish = await deps.db
      .transaction()
      .execute((transaction) => storeRun(run, transaction, covered, wished))
  }
  const refusal = reader.session.refusal()
  const failures = [...(refusal ? [refusal] : []), ...failuresIn(findings)]
  if (run.ended) reportEnd(deps, run.ended, { platform: account.platform, failures })
}

/** Stores what was found. The wish, when it has grown meanwhile: then nothing is stored yet. */
async function storeRun(
  run: Run,
  transaction: Db,
  covered: Refresh,
  { publications: known }: Wished,
): Promise<Refresh | null> {
  const { deps, account, findings } = run
  const locked = await lockedRun(transaction, account.workspaceId, account.id)
  // Another run of the same refresh was faster: what it stored counts.
  if (locked?.refresh?.id !== covered.id || locked.refresh.status !== 'running') {
    await run.usage.store(transaction)
    return null
  }
  const { refresh, tokens } = locked
  if (isWider(refresh, covered)) return refresh
  const seen = { publications: known, findings }
  if (await isOutgrown(deps, transaction, refresh, seen)) return refresh
  if (await isConnectionReplaced(run, transaction, refresh, tokens)) return null
  const evidence = evidenceOf(run, locked.account, refresh)
  const rows = await ensureRows(deps, transaction, evidence, known)
  const conclusion = concludeRun({ ...evidence, rows })
  await endRun(run, transaction, evidence, conclusion)
  const writes = collectWrites()
  // PostgreSQL begins with the last part, and other runs wait for the application's budget: it is
  // held for the shortest time so.
  await run.usage.store(writes)
  await storeConclusion(deps, { transaction, writes }, evidence, conclusion)
  await writes.send(transaction)
  await recordConclusion(transaction, evidence, conclusion)
  return null
}

// What was read with tokens that are gone is not stored: the account may have been disconnected,
// or its new tokens may see more.
async function isConnectionReplaced(
  run: Run,
  transaction: Db,
  refresh: Refresh,
  stored: SealedTokens | null,
): Promise<boolean> {
  const { deps, attempt, reader } = run
  const { workspaceId, id, accountId, publicationIds, updated, failed, errorMessage } = refresh
  if (stored && reader.session.isInUse(stored.accessToken)) return false
  const spent = { updated, failed, upstreamCalls: run.usage.calls() }
  if (stored === null) {
    const end = { status: 'failed' as const, finishedAt: deps.now(), errorMessage: DISCONNECTED }
    run.ended = await finishRefresh(transaction, workspaceId, id, { ...spent, ...end })
  } else {
    await requeueRefresh(transaction, workspaceId, id, { ...spent, publicationIds, errorMessage })
    const job = { workspaceId, refreshId: id, accountId, platform: run.account.platform }
    const isPatient = refresh.origin === 'schedule'
    await deps.jobs.enqueueRefresh(transaction, { ...job, attempt, startAfter: null, isPatient })
  }
  await run.usage.store(transaction)
  await recordChanges(transaction, workspaceId, deps.now(), { refreshes: [refresh] })
  return true
}

/**
 * What a run has found, for conclusions. The account as it is now: what it granted can have changed
 * together with its tokens.
 */
export function evidenceOf(run: Run, account: Account, refresh: Refresh): Omit<Evidence, 'rows'> {
  const { deps, findings, reader } = run
  const now = deps.now()
  const refusal = reader.session.refusal()
  const retryAt = (failure: Failure) => {
    if (refusal) return null
    if (deps.stopping?.aborted && failure.kind === 'unavailable') return now
    return decideRetryAt(failure, triedOf(run, refresh, now), deps.limits)
  }
  const moment = { now, staleAfter: secondsAfter(now, deps.limits.staleAfterSeconds) }
  return { account, refresh, findings, refusal, retryAt, moment }
}

function triedOf({ attempt }: Run, { requestedAt }: Refresh, now: Date): Tried {
  return { requestedAt, attempt, now }
}

async function endRun(
  run: Run,
  transaction: Db,
  { refresh, moment }: Omit<Evidence, 'rows'>,
  { progress, rest }: Conclusion,
): Promise<void> {
  const { deps, account, attempt, usage } = run
  const { workspaceId, id: refreshId, accountId } = refresh
  const spent = { ...progress, upstreamCalls: usage.calls() }
  if (rest === null) {
    const end = { ...spent, status: endStatus(progress), finishedAt: moment.now }
    run.ended = await finishRefresh(transaction, workspaceId, refreshId, end)
    return
  }
  const { publicationIds } = rest
  await requeueRefresh(transaction, workspaceId, refreshId, { ...spent, publicationIds })
  const tried = triedOf(run, refresh, moment.now)
  const isTried =
    !deps.stopping?.aborted &&
    rest.failures.some((failure) => isAttempt(failure, tried, deps.limits))
  await deps.jobs.enqueueRefresh(transaction, {
    workspaceId,
    refreshId,
    accountId,
    platform: account.platform,
    attempt: isTried ? attempt + 1 : attempt,
    startAfter: rest.at > moment.now ? rest.at : null,
    isPatient: refresh.origin === 'schedule',
  })
}

interface Breakdown {
  platform: Platform
  errorMessage: string
  /** The account whose turn is over; null: what is due stays so. */
  putOff: Account | null
}

async function endAsFailed(
  deps: EngineDependencies,
  refresh: Refresh,
  { platform, errorMessage, putOff }: Breakdown,
): Promise<void> {
  const { workspaceId, id, accountId } = refresh
  const finishedAt = deps.now()
  const ended = await deps.db.transaction().execute(async (transaction) => {
    // As it is now: another run may have brought something, which the charge then stays for.
    const locked = await lockedRun(transaction, workspaceId, accountId)
    if (locked?.refresh?.id !== id) return null
    const { updated, failed } = locked.refresh
    const end = { updated, failed, status: 'failed' as const, finishedAt, errorMessage }
    const row = await finishRefresh(transaction, workspaceId, id, { ...end, upstreamCalls: 0 })
    if (putOff) await putOffDue(deps, transaction, putOff)
    await recordChanges(transaction, workspaceId, finishedAt, { refreshes: [refresh] })
    return row
  })
  if (ended) reportEnd(deps, ended, { platform, failures: [] })
}
