import type { Page } from '../domain/page.ts'

/** The same page with every row turned into something else. */
export function mapPage<From, To>(page: Page<From>, turn: (row: From) => To): Page<To> {
  return { ...page, rows: page.rows.map(({ row, cursor }) => ({ row: turn(row), cursor })) }
}
