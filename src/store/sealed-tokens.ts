import { type RawBuilder, sql } from 'kysely'
import type { Db } from './connect.ts'

/** An account's sealed tokens; null: it has none of that kind. */
export interface SealedAccount {
  id: string
  accessToken: string | null
  refreshToken: string | null
}

/** How many accounts have their tokens under these seals: `v1.<key id>` of one key, or of two. */
export interface SealingCount {
  seals: string[]
  accounts: number
}

const ACCESS = sql.ref('access_token_sealed')
const REFRESH = sql.ref('refresh_token_sealed')

/**
 * The next of the workspace's accounts, by id, with a token that is not under this seal. They are
 * read without a lock: what they hold may have changed by the time that it is replaced.
 */
export async function accountsSealedOtherwise(
  db: Db,
  workspaceId: string,
  seal: string,
  { afterId, limit }: { afterId: string; limit: number },
): Promise<SealedAccount[]> {
  const { rows } = await sql<SealedAccount>`
    select id, access_token_sealed as "accessToken", refresh_token_sealed as "refreshToken"
    from account
    where workspace_id = ${workspaceId} and id > ${afterId}
      and (not starts_with(${ACCESS}, ${`${seal}.`}) or not starts_with(${REFRESH}, ${`${seal}.`}))
    order by id limit ${limit}`.execute(db)
  return rows
}

/**
 * Puts sealed texts in the place of others, in one transaction, and answers the ids of the accounts
 * where it did. An account stays as it is when its tokens are others meanwhile, are being renewed at
 * the instant `now`, or are locked.
 */
export async function replaceSealed(
  db: Db,
  workspaceId: string,
  now: Date,
  pairs: readonly { from: SealedAccount; to: SealedAccount }[],
): Promise<string[]> {
  const given = pairs.map(({ from, to }) => ({
    ...{ id: from.id, access_from: from.accessToken, refresh_from: from.refreshToken },
    ...{ access_to: to.accessToken, refresh_to: to.refreshToken },
  }))
  const { rows } = await sql<{ id: string }>`
    with given as (
      select * from json_to_recordset(${JSON.stringify(given)}::json) as one (
        id text, access_from text, refresh_from text, access_to text, refresh_to text)
    ), free as (
      select id from account
      where workspace_id = ${workspaceId} and id = any(${pairs.map(({ from }) => from.id)}::text[])
        and (token_renewal_until is null or token_renewal_until <= ${now})
      for no key update skip locked
    )
    update account as kept
    set access_token_sealed = given.access_to, refresh_token_sealed = given.refresh_to
    from given, free
    where kept.workspace_id = ${workspaceId}
      and kept.id = free.id and kept.id = given.id collate "C"
      and kept.access_token_sealed is not distinct from given.access_from
      and kept.refresh_token_sealed is not distinct from given.refresh_from
      and (kept.token_renewal_until is null or kept.token_renewal_until <= ${now})
    returning kept.id`.execute(db)
  return rows.map(({ id }) => id)
}

/**
 * Under which keys all workspaces' tokens are sealed. Whoever holds the keys asks, for no workspace:
 * keys are the application's.
 */
export async function sealingCounts(db: Db): Promise<SealingCount[]> {
  const { rows } = await sql<SealingCount>`
    select array_remove(array[${sealOf(ACCESS)}, ${sealOf(REFRESH)}], null) as seals,
      count(*) as accounts
    from account
    where ${ACCESS} is not null or ${REFRESH} is not null
    group by 1`.execute(db)
  return rows
}

function sealOf(column: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`split_part(${column}, '.', 1) || '.' || split_part(${column}, '.', 2)`
}
