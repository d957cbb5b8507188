import { setTimeout as wait } from 'node:timers/promises'
import type { Now } from '../domain/clock.ts'
import { accountTokenContext, type TokenCipher } from '../domain/secrets.ts'
import type { Db } from '../store/connect.ts'
import {
  accountsSealedOtherwise,
  replaceSealed,
  type SealedAccount,
  sealingCounts,
} from '../store/sealed-tokens.ts'
import { allWorkspaces } from '../store/workspaces.ts'
import { keyIdIn } from './tokens.ts'

/** Under which keys the tokens of all accounts are. */
export interface Sealing {
  /** Accounts that have tokens. */
  accounts: number
  /** Accounts with a token that is sealed under none of the keys that are here. */
  locked: number
  /** The names of the keys that would open those. */
  missingKeyIds: string[]
}

/** What sealing tokens needs from outside. */
export interface SealingDependencies {
  db: Db
  cipher: TokenCipher
  now: Now
  /** Hears of every batch that is done: how many accounts were sealed anew by then. */
  onProgress?(resealed: number): void
}

/** Tells under which keys tokens are, in one statement. */
export async function sealingOf({
  db,
  cipher,
}: Pick<SealingDependencies, 'db' | 'cipher'>): Promise<Sealing> {
  const counts = await sealingCounts(db)
  const isMissing = (seal: string) => !cipher.seals.includes(seal)
  const locked = counts.filter(({ seals }) => seals.some(isMissing))
  const missing = new Set(locked.flatMap(({ seals }) => seals.filter(isMissing)))
  return {
    accounts: sum(counts),
    locked: sum(locked),
    missingKeyIds: [...missing].map((seal) => keyIdIn(seal)).toSorted(),
  }
}

/** How sealing anew may be done. */
export interface ResealOptions {
  /** How many accounts one transaction takes. */
  batchMax: number
  /** How often accounts are tried that somebody else is at. */
  passesMax: number
  /** How long it waits between two tries. */
  pauseMs: number
}

/** The usual way. */
export const RESEAL_OPTIONS: ResealOptions = { batchMax: 100, passesMax: 20, pauseMs: 500 }

/** What sealing anew came to. */
export interface Resealing {
  /** Accounts whose tokens are under the sealing key now, and were not. */
  resealed: number
  /** Accounts that somebody else was at, every time. */
  busy: number
  /** Accounts whose tokens open with none of the keys. */
  unopened: number
}

/**
 * Seals every token anew that is not under the sealing key, a batch at a time, each of them a
 * transaction of its own: it can be ended at any point and begun again. Workers may run beside it.
 * Accounts whose tokens they renew meanwhile are left to them and looked at again.
 */
export async function resealAll(
  deps: SealingDependencies,
  options: ResealOptions = RESEAL_OPTIONS,
): Promise<Resealing> {
  let resealed = 0
  for (let pass = 1; ; pass += 1) {
    const before = resealed
    const onProgress = (more: number) => deps.onProgress?.(before + more)
    const seen = await resealOnce({ ...deps, onProgress }, options.batchMax)
    resealed += seen.resealed
    if (seen.busy === 0 || pass >= options.passesMax) return { ...seen, resealed }
    await wait(options.pauseMs)
  }
}

async function resealOnce(deps: SealingDependencies, batchMax: number): Promise<Resealing> {
  const total = { resealed: 0, busy: 0, unopened: 0 }
  for (const { id: workspaceId } of await allWorkspaces(deps.db)) {
    let afterId = ''
    for (;;) {
      const batch = await nextBatch(deps, workspaceId, { afterId, limit: batchMax })
      const last = batch.at(-1)
      if (last === undefined) break
      afterId = last.id
      const pairs = batch.flatMap((from) => sealedAnew(deps.cipher, workspaceId, from))
      const done = await replaceSealed(deps.db, workspaceId, deps.now(), pairs)
      total.resealed += done.length
      total.busy += pairs.length - done.length
      total.unopened += batch.length - pairs.length
      if (done.length > 0) deps.onProgress?.(total.resealed)
    }
  }
  return total
}

function nextBatch(
  { db, cipher }: SealingDependencies,
  workspaceId: string,
  page: { afterId: string; limit: number },
): Promise<SealedAccount[]> {
  const [seal = ''] = cipher.seals
  return accountsSealedOtherwise(db, workspaceId, seal, page)
}

// None when a token does not open: there is nothing that could be sealed.
function sealedAnew(
  cipher: TokenCipher,
  workspaceId: string,
  from: SealedAccount,
): { from: SealedAccount; to: SealedAccount }[] {
  const context = accountTokenContext(workspaceId, from.id)
  const anew = (sealed: string | null) =>
    sealed === null ? null : cipher.seal(cipher.open(sealed, context), context)
  try {
    const [accessToken, refreshToken] = [anew(from.accessToken), anew(from.refreshToken)]
    return [{ from, to: { id: from.id, accessToken, refreshToken } }]
  } catch {
    return []
  }
}

function sum(counts: readonly { accounts: number }[]): number {
  return counts.reduce((total, { accounts }) => total + accounts, 0)
}
