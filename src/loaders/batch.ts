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

/** Answers about one owner's list. The same question about owners asked within one tick is one. */
export interface ListLoader<Query, Answer> {
  load(ownerId: string, query: Query): Promise<Answer>
  /** Forgets every answer, for reads that follow a change. */
  clearAll(): unknown
}

/** A loader of lists that owners have, such as the publications of accounts; `none`: of no rows. */
export function loadLists<Query, Answer>(
  read: (ownerIds: readonly string[], query: Query) => Promise<Map<string, Answer>>,
  none: Answer,
): ListLoader<Query, Answer> {
  const byQuery = new Map<string, DataLoader<string, Answer>>()
  return {
    load: (ownerId, query) => {
      const key = JSON.stringify(query)
      const loader = byQuery.get(key) ?? createLoader(query)
      byQuery.set(key, loader)
      return loader.load(ownerId)
    },
    clearAll: () => byQuery.clear(),
  }

  function createLoader(query: Query): DataLoader<string, Answer> {
    return new DataLoader(async (ownerIds) => {
      const answers = await read(ownerIds, query)
      return ownerIds.map((ownerId) => answers.get(ownerId) ?? none)
    })
  }
}

/** Answers to questions, null where there is none. Those of one tick go into one statement. */
export interface AnswerLoader<Question, Answer> {
  load(question: Question): Promise<Answer | null>
  /** Forgets every answer, for reads that follow a change. */
  clearAll(): unknown
}

/** A loader of answers, which come in the order of the questions. The same question is one. */
export function loadAnswers<Question, Answer>(
  read: (questions: readonly Question[]) => Promise<(Answer | null)[]>,
): AnswerLoader<Question, Answer> {
  return new DataLoader<Question, Answer | null, string>(read, { cacheKeyFn: JSON.stringify })
}

/** The page of a list without rows. */
export const EMPTY_PAGE: Page<never> = { rows: [], hasNextPage: false, hasPreviousPage: false }

/** The same page, once its rows are known to the loaders that would read them one by one. */
export async function primePage<Row>(
  page: Promise<Page<Row>>,
  prime: (row: Row) => void,
): Promise<Page<Row>> {
  const answer = await page
  for (const { row } of answer.rows) prime(row)
  return answer
}

/** The same pages, once their rows are known as `primePage` makes them known. */
export async function primePages<Row>(
  pages: Promise<Map<string, Page<Row>>>,
  prime: (row: Row) => void,
): Promise<Map<string, Page<Row>>> {
  const answers = await pages
  for (const { rows } of answers.values()) for (const { row } of rows) prime(row)
  return answers
}
