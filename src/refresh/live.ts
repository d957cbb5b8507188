import type { Account } from '../domain/account.ts'
import type { AccountReading, Failure } from '../domain/connector.ts'
import type { Refresh } from '../domain/refresh.ts'
import { accountsByIds } from '../store/accounts.ts'
import type { Db } from '../store/connect.ts'
import { sealedTokens } from '../store/connections.ts'
import { lockedRun } from '../store/refresh-runs.ts'
import { collectWrites } from '../store/writes.ts'
import { concludeRun } from './conclusion.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { evidenceOf, openRun, type Run } from './engine.ts'
import { readPlanned } from './findings.ts'
import { recordConclusion, storeConclusion } from './storing.ts'
import { accountHeldUntil } from './waiting.ts'
import { NO_OTHERS } from './wished.ts'

const TOO_MANY_REQUESTS = 429

/** What a platform says of an account right now. */
export type LiveReading =
  | { kind: 'read'; account: Account; reading: AccountReading; readAt: Date }
  | { kind: 'failed'; account: Account; failure: Failure; readAt: Date }
  | { kind: 'not_connected'; account: Account }
  | { kind: 'not_found' }

/** Reads an account's own numbers at once. */
export type ReadAccountLive = (workspaceId: string, accountId: string) => Promise<LiveReading>

/**
 * Reads of accounts in this process, whatever the queue holds, and without a second try. Who asks
 * for an account that is just being read gets the same answer. What was read is stored like any
 * refresh's; a failure that may pass leaves the row as it is.
 */
export function createLiveReads(deps: RefreshDependencies): ReadAccountLive {
  const underWay = new Map<string, Promise<LiveReading>>()
  return (workspaceId, accountId) => {
    const key = JSON.stringify([workspaceId, accountId])
    const shared = underWay.get(key)
    if (shared) return shared
    const reading = readAccount(deps, workspaceId, accountId).finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }
}

async function readAccount(
  deps: RefreshDependencies,
  workspaceId: string,
  accountId: string,
): Promise<LiveReading> {
  const [account] = await accountsByIds(deps.db, workspaceId, [accountId])
  if (!account) return { kind: 'not_found' }
  const tokens = await sealedTokens(deps.db, workspaceId, accountId)
  if (!tokens || account.connectionStatus !== 'connected') return { kind: 'not_connected', account }
  const held = await accountHeldUntil(deps, account, 'live')
  if (held) return { kind: 'failed', account, failure: heldFailure(held), readAt: deps.now() }
  const run = await openRun(deps, account, tokens, 1)
  const plan = { account: true, listing: false, publications: [], others: NO_OTHERS }
  await readPlanned(run.reader, plan, run.findings)
  const readAt = deps.now()
  await deps.db.transaction().execute((transaction) => store(run, transaction, readAt))
  const outcome = run.findings.account
  if (outcome === null) throw new Error(`Nothing was read of account ${accountId}.`)
  return 'reading' in outcome
    ? { kind: 'read', account, reading: outcome.reading, readAt }
    : { kind: 'failed', account, failure: outcome.failure, readAt }
}

// As the platform would answer: it is not asked what it has answered already.
function heldFailure(until: Date): Failure {
  const message = `The platform allows no more calls before ${until.toISOString()}.`
  const answer = { status: TOO_MANY_REQUESTS, body: null }
  return { kind: 'rate_limited', message, ...answer, retryAt: until, isHostDown: false }
}

async function store(run: Run, transaction: Db, readAt: Date): Promise<void> {
  const { deps, account, reader, usage } = run
  const { workspaceId, id } = account
  const locked = await lockedRun(transaction, workspaceId, id)
  // Read with tokens that are gone: the account was disconnected, or its new ones may see more.
  if (!locked?.tokens || !reader.session.isInUse(locked.tokens.accessToken)) {
    return usage.store(transaction)
  }
  const evidence = evidenceOf(run, locked.account, asRefresh(account, deps.newId(), readAt))
  const conclusion = concludeRun({ ...evidence, rows: new Map() })
  const writes = collectWrites()
  await storeConclusion(deps, { transaction, writes }, evidence, conclusion)
  await usage.store(writes)
  await writes.send(transaction)
  await recordConclusion(transaction, evidence, conclusion)
}

// It is nowhere stored, for nobody can join it.
function asRefresh({ workspaceId, id: accountId }: Account, id: string, at: Date): Refresh {
  return {
    ...{ workspaceId, id, accountId, origin: 'live', status: 'running', publicationIds: [] },
    ...{ requestedAt: at, startedAt: at, finishedAt: null },
    ...{ updated: 0, failed: 0, upstreamCalls: 0, errorMessage: null },
  }
}
