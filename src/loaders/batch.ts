import DataLoader from 'dataloader'
import type { Page } from '../domain/page.ts'

/** Answers by key. Every key asked for within one tick goes into one statement. */
export interface Loader<Value> {
  load(key: string): Promise<Value>
  /** Forgets every answer, for reads that follow a change. */
  clearAll(): unknown
}

/** A loader of rows by a key that at most one row has; null where none has. */
export function loadOne<Row>(
  read: (keys: readonly string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await read(keys)).map((row) => [keyOf(row), row]))
    return keys.map((key) => rows.get(key) ?? null)
  })
}

/** A loader of the rows that share a key, in the order of the statement; empty where none has it. */
export function loadMany<Row>(
  read: (keys: readonly string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string | null,
): DataLoader<string, Row[]> {
  return new DataLoader(async (keys) => {
    const rows = Map.groupBy(await read(keys), keyOf)
    return keys.map((key) => rows.get(key) ?? [])
  })
}

/** A loader of one value by key; null where there is none. */
export function loadValue<Value>(
  read: (keys: readonly string[]) => Promise<Map<string, Value>>,
): DataLoader<string, Value | null> {
  return new DataLoader(async (keys) => {
    const values = await read(keys)
    return keys.map((key) => values.get(key) ?? null)
  })
}

/** The same page, once its rows are known to the loaders that would read them one by one. */
export async function primePage<Row>(
  page: Promise<Page<Row>>,
  prime: (row: Row) => void,
): Promise<Page<Row>> {
  const answer = await page
  for (const { row } of answer.rows) prime(row)
  return answer
}
