import { sql } from 'kysely'
import type { Db } from './connect.ts'

const LOCK = 7_331_208

/** Takes the right to let go of what is old until the transaction ends. False: somebody has it. */
export async function claimRetention(db: Db): Promise<boolean> {
  const { rows } = await sql<{ is_ours: boolean }>`
    select pg_try_advisory_xact_lock(${sql.lit(LOCK)}) as is_ours`.execute(db)
  return rows[0]?.is_ours ?? false
}
