/** Where a keyset page starts: the sort value of a row and its id, which breaks ties. */
export interface Cursor {
  /**
   * A number or an instant, which is ISO text in what a client sends; null for a row without a value:
   * those come last.
   */
  value: Date | string | number | null
  id: string
}

/** What order a list is in. Rows without a value come last in either direction. */
export interface Order<Field extends string> {
  field: Field
  direction: 'asc' | 'desc'
}

/** A slice of an ordered list: `limit` rows after (or, backwards, before) a cursor. */
export interface PageRequest {
  limit: number
  after: Cursor | null
  before: Cursor | null
  /** Whether the last `limit` rows of the range are wanted; rows still come in list order. */
  backwards: boolean
}

/** Rows in list order, each with its cursor, and whether the list goes on at either end. */
export interface Page<Row> {
  rows: { row: Row; cursor: Cursor }[]
  hasNextPage: boolean
  hasPreviousPage: boolean
}
