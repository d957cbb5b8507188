import type { Page } from '../domain/page.ts'

/** The same page with every row turned into something else. */
export function mapPage<From, To>(page: Page<From>, turn: (row: From) => To): Page<To> {
  return { ...page, rows: page.rows.map(({ row, cursor }) => ({ row: turn(row), cursor })) }
}

/** The same pages, each as `mapPage` answers it. */
export function mapPages<From, To>(
  pages: ReadonlyMap<string, Page<From>>,
  turn: (row: From) => To,
): Map<string, Page<To>> {
  return new Map([...pages].map(([id, page]) => [id, mapPage(page, turn)]))
}
