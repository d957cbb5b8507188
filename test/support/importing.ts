import { randomUUID } from 'node:crypto'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { parseLines } from '../../src/cli/import-lines.ts'
import { type ImportOutcome, importRecords } from '../../src/cli/import-records.ts'
import type { Db } from '../../src/store/connect.ts'

/** When the imports of tests take place. */
export const IMPORTED_AT = new Date('2026-06-29T12:00:00Z')

/** The key that seals the tokens of imported accounts. */
export const SECRET_KEY = new Uint8Array(32).fill(1)

/** What seals them. */
export const CIPHER = createTokenCipher(SECRET_KEY)

/** How many seconds imported numbers count as fresh. */
export const STALE_AFTER_SECONDS = 6 * 3600

/** Imports records as a file of them would be. */
export async function importInto(
  db: Db,
  records: readonly object[],
  { replace = false, now = IMPORTED_AT }: { replace?: boolean; now?: Date } = {},
): Promise<ImportOutcome> {
  return importRecords(db, await parseLines(jsonOf(records), now), {
    ...{ now, staleAfterSeconds: STALE_AFTER_SECONDS, cipher: CIPHER, replace },
    newId: randomUUID,
  })
}

async function* jsonOf(records: readonly object[]) {
  for (const record of records) yield JSON.stringify(record)
}
