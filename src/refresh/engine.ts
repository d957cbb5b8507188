import type { Account } from '../domain/account.ts'
import type { Failure } from '../domain/connector.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import { accountsByIds } from '../store/accounts.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { type SealedTokens, sealedTokens } from '../store/connections.ts'
import { publicationsByIds, publicationsOfAccount } from '../store/publications.ts'
import { activeRefresh, finishRefresh, requeueRefresh, startRefresh } from '../store/refreshes.ts'
import { absentConnector } from './absent-connector.ts'
import { type Conclusion, concludeRun, type Evidence } from './conclusion.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { type Findings, noFindings, type Reader, readPlanned } from './findings.ts'
import { isWider, planOf } from './planner.ts'
import { decideRetryAt, isAttempt, secondsAfter } from './policy.ts'
import { endStatus, ensureRows, recordConclusion, storeConclusion } from './storing.ts'
import { openSession } from './tokens.ts'

/** What a run needs, and what can end it early. */
export interface EngineDependencies extends RefreshDependencies {
  /** Aborts when the process stops: what is left goes back into the queue. */
  stopping?: AbortSignal
  /** Aborts when another worker has taken the refresh over: nothing more is stored. */
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
  const refresh = await startRefresh(deps.db, workspaceId, refreshId, deps.now())
  if (refresh === null) return
  if (attempt > deps.limits.attempts) {
    return endAsFailed(deps, refresh, 'It broke off every time that it was tried.')
  }
  const [account] = await accountsByIds(deps.db, workspaceId, [refresh.accountId])
  const tokens = await sealedTokens(deps.db, workspaceId, refresh.accountId, { lock: false })
  if (!account || !tokens || account.connectionStatus !== 'connected') {
    return endAsFailed(deps, refresh, 'The account is not connected.')
  }
  await readAndStore(await openRun(deps, account, tokens, attempt), refresh)
}

interface Run {
  deps: EngineDependencies
  account: Account
  attempt: number
  reader: Reader
  findings: Findings
  upstreamCalls(): number
}

async function openRun(
  deps: EngineDependencies,
  account: Account,
  tokens: SealedTokens,
  attempt: number,
): Promise<Run> {
  let upstreamCalls = 0
  const ends = [AbortSignal.timeout(deps.limits.refreshDeadlineMs), deps.stopping, deps.claim]
  const context = {
    signal: AbortSignal.any(ends.filter((signal) => signal !== undefined)),
    now: deps.now(),
    onUpstreamCall: () => {
      upstreamCalls += 1
    },
  }
  const connector = deps.connectors[account.platform] ?? absentConnector(account.platform)
  const session = await openSession({ deps, account, connector, context }, tokens)
  const reader = { connector, session, context, limits: deps.limits }
  const findings = noFindings()
  return { deps, account, attempt, reader, findings, upstreamCalls: () => upstreamCalls }
}

async function readAndStore(run: Run, refresh: Refresh): Promise<void> {
  const { deps, account, reader, findings } = run
  let wish: Refresh | null = refresh
  while (wish !== null) {
    const covered: Refresh = wish
    const known = await wishedPublications(deps.db, covered)
    await readPlanned(reader, planOf(covered, account, known, deps.limits), findings)
    if (deps.claim?.aborted) return
    wish = await deps.db
      .transaction()
      .execute((transaction) => storeRun(run, transaction, covered, known))
  }
}

function wishedPublications(db: Db, wish: Refresh): Promise<Publication[]> {
  const { workspaceId, accountId, publicationIds } = wish
  return publicationIds === null
    ? publicationsOfAccount(db, workspaceId, accountId)
    : publicationsByIds(db, workspaceId, publicationIds)
}

/** Stores what was found. The wish, when it has grown meanwhile: then nothing is stored yet. */
async function storeRun(
  run: Run,
  transaction: Db,
  covered: Refresh,
  known: Publication[],
): Promise<Refresh | null> {
  const { deps, account } = run
  const refresh = await activeRefresh(transaction, account.workspaceId, account.id)
  // Another run of the same refresh was faster: what it stored counts.
  if (refresh?.id !== covered.id || refresh.status !== 'running') return null
  if (isWider(refresh, covered)) return refresh
  const evidence = await evidenceOf(run, transaction, refresh)
  const rows = await ensureRows(deps, transaction, evidence, known)
  const conclusion = concludeRun({ ...evidence, rows })
  await storeConclusion(deps, transaction, evidence, conclusion)
  await endRun(run, transaction, evidence, conclusion)
  await recordConclusion(transaction, evidence, conclusion)
  return null
}

async function evidenceOf(
  run: Run,
  transaction: Db,
  refresh: Refresh,
): Promise<Omit<Evidence, 'rows'>> {
  const { deps, account, findings, reader } = run
  const now = deps.now()
  const refused = reader.session.refusal()
  const isReconnected = refused !== null && (await hasOtherTokens(run, transaction))
  const refusal = isReconnected ? null : refused
  const retryAt = (failure: Failure) => {
    if (refusal) return null
    if (deps.stopping?.aborted && failure.kind === 'unavailable') return now
    if (isReconnected && failure.kind === 'unauthorized') {
      return run.attempt < deps.limits.attempts ? now : null
    }
    const tried = { requestedAt: refresh.requestedAt, attempt: run.attempt, now }
    return decideRetryAt(failure, tried, deps.limits)
  }
  const moment = { now, staleAfter: secondsAfter(now, deps.limits.staleAfterSeconds) }
  return { account, refresh, findings, refusal, retryAt, moment }
}

// Somebody may have connected the account again while the platform refused its old tokens.
async function hasOtherTokens({ account, reader }: Run, transaction: Db): Promise<boolean> {
  const { workspaceId, id } = account
  const stored = await sealedTokens(transaction, workspaceId, id, { lock: true })
  return stored?.accessToken !== reader.session.sealedAccessToken()
}

async function endRun(
  { deps, account, attempt, upstreamCalls }: Run,
  transaction: Db,
  { refresh, moment }: Omit<Evidence, 'rows'>,
  { progress, rest }: Conclusion,
): Promise<void> {
  const { workspaceId, id: refreshId, accountId } = refresh
  const spent = { ...progress, upstreamCalls: upstreamCalls() }
  if (rest === null) {
    const end = { ...spent, status: endStatus(progress), finishedAt: moment.now }
    await finishRefresh(transaction, workspaceId, refreshId, end)
    return
  }
  const { publicationIds } = rest
  await requeueRefresh(transaction, workspaceId, refreshId, { ...spent, publicationIds })
  const isTried = !deps.stopping?.aborted && rest.failures.some(isAttempt)
  await deps.jobs.enqueueRefresh(transaction, {
    workspaceId,
    refreshId,
    accountId,
    platform: account.platform,
    attempt: isTried ? attempt + 1 : attempt,
    startAfter: rest.at > moment.now ? rest.at : null,
  })
}

async function endAsFailed(
  deps: EngineDependencies,
  refresh: Refresh,
  errorMessage: string,
): Promise<void> {
  const { workspaceId, id, updated, failed } = refresh
  const finishedAt = deps.now()
  const spent = { updated, failed, upstreamCalls: 0 }
  await deps.db.transaction().execute(async (transaction) => {
    const end = { ...spent, status: 'failed' as const, finishedAt, errorMessage }
    await finishRefresh(transaction, workspaceId, id, end)
    await recordChanges(transaction, workspaceId, finishedAt, [])
  })
}
