import type { Account } from '../domain/account.ts'
import { canonicalAccountId } from '../domain/catalog/catalog.ts'
import { PLATFORM_LABELS, type Platform } from '../domain/platform.ts'
import { accountTokenContext } from '../domain/secrets.ts'
import { accountOnPlatform, accountsByIds } from '../store/accounts.ts'
import { recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { disconnect, lockConnections, storeTokens, upsertConnection } from '../store/connections.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { type InvalidInput, invalidLocalId, invalidText } from './input.ts'
import { queueRefresh } from './queueing.ts'

const TOKEN_LENGTH_MAX = 8192
const TEXT_LENGTH_MAX = 512

/** An account as somebody connects it. Null: not said, or there is none. */
export interface ConnectAccountInput {
  platform: Platform
  platformAccountId: string
  accessToken: string
  refreshToken: string | null
  tokenExpiresAt: Date | null
  scopes: string[] | null
  handle: string | null
  /** The id that the account shall have here; null: one is made. */
  localId: string | null
}

/** The account, or which field was wrong. */
export type ConnectAccountAnswer = { kind: 'connected'; account: Account } | InvalidInput

/** The account as it is now, or that there is none. */
export type DisconnectAccountAnswer =
  | { kind: 'disconnected'; account: Account }
  | { kind: 'not_found' }

/**
 * Connects an account, or connects one again with new tokens, and queues its first refresh. An
 * account that the workspace already has on the platform keeps its id and its numbers.
 */
export async function connectAccount(
  deps: RefreshDependencies,
  workspaceId: string,
  given: ConnectAccountInput,
): Promise<ConnectAccountAnswer> {
  const { platform } = given
  const platformAccountId = canonicalAccountId(platform, given.platformAccountId)
  const input = { ...given, platformAccountId }
  const invalid = invalidConnection(input, deps.now())
  if (invalid) return invalid
  return deps.db.transaction().execute(async (transaction) => {
    await lockConnections(transaction, workspaceId)
    const existing = await accountOnPlatform(transaction, workspaceId, platform, platformAccountId)
    const taken = await takenLocalId(transaction, workspaceId, existing, input.localId)
    if (taken) return taken
    const id = existing?.id ?? input.localId ?? deps.newId()
    const account = await storeConnection(deps, transaction, workspaceId, { ...input, id })
    const wish = { account, origin: 'connect', publicationIds: null } as const
    const refresh = await queueRefresh(deps, transaction, wish)
    const changes = [{ subject: 'account' as const, subjectId: account.id }]
    await recordChanges(transaction, workspaceId, deps.now(), { changes, refreshes: [refresh] })
    return { kind: 'connected', account }
  })
}

function invalidConnection(input: ConnectAccountInput, now: Date): InvalidInput | null {
  const { tokenExpiresAt } = input
  if (tokenExpiresAt !== null && tokenExpiresAt <= now) {
    const message = 'The access token has expired. Give the time at which it will.'
    return { kind: 'invalid', field: 'tokenExpiresAt', message }
  }
  return (
    invalidText('platformAccountId', input.platformAccountId, TEXT_LENGTH_MAX) ??
    invalidText('accessToken', input.accessToken, TOKEN_LENGTH_MAX) ??
    invalidText('refreshToken', input.refreshToken, TOKEN_LENGTH_MAX) ??
    invalidText('handle', input.handle, TEXT_LENGTH_MAX) ??
    invalidLocalId('localId', input.localId)
  )
}

async function takenLocalId(
  transaction: Db,
  workspaceId: string,
  existing: Account | null,
  localId: string | null,
): Promise<InvalidInput | null> {
  if (localId === null || existing?.id === localId) return null
  if (existing) {
    const label = PLATFORM_LABELS[existing.platform]
    const message = `This ${label} account is already here, as ${existing.id}.`
    return { kind: 'invalid', field: 'localId', message }
  }
  const [other] = await accountsByIds(transaction, workspaceId, [localId])
  return other
    ? { kind: 'invalid', field: 'localId', message: 'Another account has this id.' }
    : null
}

async function storeConnection(
  deps: RefreshDependencies,
  transaction: Db,
  workspaceId: string,
  input: ConnectAccountInput & { id: string },
): Promise<Account> {
  const account = await upsertConnection(transaction, workspaceId, {
    ...input,
    ...sealed(deps, workspaceId, input),
    displayName: null,
    avatarUrl: null,
    connectedAt: deps.now(),
  })
  if (account.id !== input.id) {
    // Imported at the same time: tokens are bound to the row that they are in.
    const tokens = sealed(deps, workspaceId, { ...input, id: account.id })
    const { tokenExpiresAt: expiresAt, scopes } = input
    await storeTokens(transaction, workspaceId, account.id, { ...tokens, expiresAt, scopes })
  }
  return account
}

function sealed(
  { cipher }: RefreshDependencies,
  workspaceId: string,
  { id, accessToken, refreshToken }: ConnectAccountInput & { id: string },
): { accessToken: string; refreshToken: string | null } {
  const context = accountTokenContext(workspaceId, id)
  return {
    accessToken: cipher.seal(accessToken, context),
    refreshToken: refreshToken === null ? null : cipher.seal(refreshToken, context),
  }
}

/**
 * Ends an account's connection and forgets its tokens. Its numbers stay, and a refresh under way
 * ends as failed. One that is disconnected already stays so.
 */
export async function disconnectAccount(
  deps: RefreshDependencies,
  workspaceId: string,
  accountId: string,
): Promise<DisconnectAccountAnswer> {
  return deps.db.transaction().execute(async (transaction) => {
    const account = await disconnect(transaction, workspaceId, accountId)
    if (account === null) return { kind: 'not_found' }
    const changes = [{ subject: 'account' as const, subjectId: account.id }]
    await recordChanges(transaction, workspaceId, deps.now(), { changes })
    return { kind: 'disconnected', account }
  })
}
