import { type RawBuilder, sql } from 'kysely'
import type { Db } from './connect.ts'

/** Writes that go to the database together, in one statement. */
export interface Writes {
  add(write: RawBuilder<unknown>): void
  /**
   * Sends what was added so far. The parts see the database as it was before all of them, so none
   * may build on what another one writes.
   */
  send(db: Db): Promise<void>
}

/** Where writes go: to the database one by one, or together with others. */
export type WriteTarget = Db | Writes

/** Begins to collect writes. */
export function collectWrites(): Writes {
  const parts: RawBuilder<unknown>[] = []
  return {
    add: (part) => void parts.push(part),
    async send(db) {
      const [first, ...others] = parts.splice(0)
      if (first === undefined) return
      const named = [first, ...others].map((part, at) => sql`${sql.ref(`part_${at}`)} as (${part})`)
      const statement = others.length === 0 ? first : sql`with ${sql.join(named)} select`
      await statement.execute(db)
    },
  }
}

/** Sends a write, or adds it to others. */
export async function write(to: WriteTarget, statement: RawBuilder<unknown>): Promise<void> {
  if ('send' in to) to.add(statement)
  else await statement.execute(to)
}
