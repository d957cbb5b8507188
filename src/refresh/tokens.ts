import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from '../domain/account.ts'
import {
  type CallContext,
  type ConnectedAccount,
  type Connector,
  ConnectorError,
  type Failure,
  type FailureKind,
} from '../domain/connector.ts'
import { accountTokenContext, holdSameToken } from '../domain/secrets.ts'
import { recordChanges } from '../store/changes.ts'
import {
  claimTokenRenewal,
  type NewTokens,
  releaseTokenRenewal,
  type SealedTokens,
  sealedTokens,
  storeTokens,
} from '../store/connections.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { secondsAfter } from './policy.ts'

const LEASE_SECONDS = 60
const LOOK_AGAIN_MS = 200

/** An account's access to its platform, for the time of one run. */
export interface Session {
  /**
   * Makes a call with the account's tokens. When the platform refuses them, they are renewed and
   * the call is made once more. Throws what the call throws; refused again, all later calls are
   * refused without being made.
   */
  call<Answer>(make: (account: ConnectedAccount) => Promise<Answer>): Promise<Answer>
  /** Why the platform takes the account's tokens no more; null: it does, as far as is known. */
  refusal(): Failure | null
  /** When the access ends for good, as no new tokens are to be had; null: never, or nobody knows. */
  endsAt(): Date | null
  /**
   * Whether a stored access token is the one in use, sealed anew or not. Another one stored since
   * means: reconnected.
   */
  isInUse(sealedAccessToken: string): boolean
}

/** What a session is made of. */
export interface SessionParts {
  deps: Pick<RefreshDependencies, 'db' | 'cipher' | 'now' | 'limits'>
  account: Account
  connector: Connector
  context: CallContext
}

/** Opens an account's tokens, and renews them when their time is nearly over. */
export async function openSession(parts: SessionParts, sealed: SealedTokens): Promise<Session> {
  let tokens = sealed
  let refusal: ConnectorError | null = null
  const renew = async (error: ConnectorError) => {
    // Once is enough: what is refused with new tokens would be refused again.
    if (tokens !== sealed) throw error
    const renewed = await renewedTokens(parts, sealed).catch(inAnswerTo(error))
    if (renewed === null) throw error
    tokens = renewed
  }
  const call: Session['call'] = async (make) => {
    if (refusal) throw refusal
    try {
      return await make(connected(parts, tokens)).catch(async (error) => {
        if (!isRefusal(error)) throw error
        await renew(error)
        return make(connected(parts, tokens))
      })
    } catch (error) {
      if (isRefusal(error)) refusal = error
      throw error
    }
  }
  if (isEnding(parts, sealed)) tokens = await renewedEarly(parts, sealed)
  return {
    call,
    refusal: () => refusal?.failure ?? null,
    endsAt: () => (isRenewable(parts, tokens) ? null : tokens.expiresAt),
    isInUse: (sealed) => isSame(parts, tokens.accessToken, sealed),
  }
}

function isEnding({ deps, connector }: SessionParts, { expiresAt }: SealedTokens): boolean {
  const ahead = connector.exchangeAheadSeconds
  if (expiresAt === null) return ahead !== undefined
  return expiresAt <= secondsAfter(deps.now(), ahead ?? deps.limits.tokenMarginSeconds)
}

// Platforms that exchange tokens before their end only exchange the access token itself.
function isRenewable({ connector }: SessionParts, { refreshToken }: SealedTokens): boolean {
  return refreshToken !== null || connector.exchangeAheadSeconds !== undefined
}

async function renewedEarly(parts: SessionParts, sealed: SealedTokens): Promise<SealedTokens> {
  try {
    return (await renewedTokens(parts, sealed)) ?? sealed
  } catch (error) {
    // The old token may still do; if not, the call that needs it says so.
    if (error instanceof ConnectorError) return sealed
    throw error
  }
}

// Why there are no new tokens decides what follows; what the platform said to the call stays.
function inAnswerTo({ failure: { status, body } }: ConnectorError) {
  return (error: unknown): never => {
    if (!(error instanceof ConnectorError) || status === null) throw error
    throw new ConnectorError({ ...error.failure, status, body }, error)
  }
}

function isRefusal(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.failure.kind === 'unauthorized'
}

/**
 * Tokens newer than the used ones: another process's, or ones that the platform gives now. Only
 * one process at a time asks, because a platform takes a refresh token once. Null when the
 * platform has none to give.
 */
async function renewedTokens(
  parts: SessionParts,
  used: SealedTokens,
): Promise<SealedTokens | null> {
  const { deps, account, context } = parts
  const { workspaceId, id } = account
  for (;;) {
    const now = deps.now()
    const lease = { now, until: secondsAfter(now, LEASE_SECONDS) }
    const isOurs = await claimTokenRenewal(deps.db, workspaceId, id, lease)
    try {
      const stored = await storedTokens(parts)
      if (!areSame(parts, stored, used)) return stored
      if (isOurs) return await exchangedTokens(parts, stored)
    } finally {
      if (isOurs) await releaseTokenRenewal(deps.db, workspaceId, id)
    }
    await wait(LOOK_AGAIN_MS, undefined, { signal: context.signal })
  }
}

async function storedTokens({ deps, account }: SessionParts): Promise<SealedTokens> {
  const stored = await sealedTokens(deps.db, account.workspaceId, account.id)
  if (stored === null) throw failed('unauthorized', 'The account was disconnected.')
  return stored
}

async function exchangedTokens(
  parts: SessionParts,
  used: SealedTokens,
): Promise<SealedTokens | null> {
  const { deps, account, connector, context } = parts
  const given = await connector.refreshToken(connected(parts, used), context)
  if (given === null) return null
  const binding = accountTokenContext(account.workspaceId, account.id)
  const tokens = {
    accessToken: deps.cipher.seal(given.accessToken, binding),
    refreshToken: given.refreshToken && deps.cipher.seal(given.refreshToken, binding),
    expiresAt: given.expiresAt,
    scopes: given.scopes,
  }
  // Stored before any use: the platform may already have ended the old ones.
  for (let replaced = used; ; ) {
    const renewal = { ...tokens, replaces: replaced.accessToken }
    if (await isKept(parts, renewal)) {
      return { ...tokens, refreshToken: tokens.refreshToken ?? replaced.refreshToken }
    }
    const stored = await storedTokens(parts)
    if (!areSame(parts, stored, used)) return stored
    replaced = stored
  }
}

// Answers tell when tokens expire and what they are good for, so they are others from then on.
function isKept({ deps, account }: SessionParts, renewal: NewTokens): Promise<boolean> {
  const { workspaceId, id } = account
  return deps.db.transaction().execute(async (transaction) => {
    const isStored = await storeTokens(transaction, workspaceId, id, renewal)
    if (isStored) await recordChanges(transaction, workspaceId, deps.now(), {})
    return isStored
  })
}

// Stored tokens may be sealed anew at any time, which makes no others of them.
function areSame(parts: SessionParts, one: SealedTokens, other: SealedTokens): boolean {
  return (
    isSame(parts, one.accessToken, other.accessToken) &&
    isSame(parts, one.refreshToken, other.refreshToken)
  )
}

function isSame({ deps, account }: SessionParts, one: string | null, other: string | null) {
  const binding = accountTokenContext(account.workspaceId, account.id)
  return holdSameToken(deps.cipher, binding, one, other)
}

function connected({ deps, account }: SessionParts, tokens: SealedTokens): ConnectedAccount {
  const binding = accountTokenContext(account.workspaceId, account.id)
  try {
    const accessToken = deps.cipher.open(tokens.accessToken, binding)
    const refreshToken = tokens.refreshToken && deps.cipher.open(tokens.refreshToken, binding)
    return { account, accessToken, refreshToken }
  } catch (error) {
    const message = 'The stored tokens cannot be opened with the configured secret key.'
    throw failed('misconfigured', message, error)
  }
}

function failed(kind: FailureKind, message: string, cause?: unknown): ConnectorError {
  const none = { status: null, body: null, retryAt: null, isHostDown: false }
  return new ConnectorError({ kind, message, ...none }, cause)
}
