import { type CursorOrder, encodeCursor } from '../domain/cursor.ts'
import type { Cursor, Order, Page, PageRequest } from '../domain/page.ts'
import { builder } from './builder.ts'
import {
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  type PageArguments,
  toPageRequest,
} from './page-arguments.ts'

/** A list that can be read by the page. */
export interface List<Row> {
  page(request: PageRequest): Promise<Page<Row>>
  /** How many rows the whole list has. */
  count(): Promise<number>
}

/** The arguments of lists that are read from their start only. */
export const forwardArgs = builder.args((t) => ({
  first: t.int({
    description: `How many rows: 1 to ${PAGE_SIZE_MAX}, ${PAGE_SIZE_DEFAULT} when left out.`,
  }),
  after: t.string({ description: 'A cursor: the page starts after its row.' }),
}))

/** The arguments of lists that are read from either end. */
export const pageArgs = builder.args((t) => ({
  ...forwardArgs,
  last: t.int({
    description: `The last rows of the list, or of what is before \`before\`: 1 to ${PAGE_SIZE_MAX}.`,
  }),
  before: t.string({ description: 'A cursor: the page ends before its row.' }),
}))

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many rows the whole list has, whatever the page. Counted only when asked.',
    resolve: (connection) => connection.count(),
  }),
)

/** One page of a list, as a Relay connection. Throws `BAD_USER_INPUT` for wrong arguments. */
export async function toConnection<Row>(list: List<Row>, args: PageArguments, order: CursorOrder) {
  const page = await list.page(toPageRequest(args, order))
  const edges = page.rows.map(({ row, cursor }) => new Edge(row, cursor, order))
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    count: () => list.count(),
  }
}

// Most queries ask for nodes, and no cursor but the last, so it is made when it is asked for. This is
// a class since V8 has accessors of object literals among its old objects from the start: each would
// keep its row until those are collected.
class Edge<Row> {
  readonly node: Row
  readonly #place: Cursor
  readonly #order: CursorOrder

  constructor(node: Row, place: Cursor, order: CursorOrder) {
    this.node = node
    this.#place = place
    this.#order = order
  }

  get cursor(): string {
    return encodeCursor(this.#order, this.#place)
  }
}

/** What cursors of a list in this order are called, so that no other list takes them. */
export function cursorOrder<Field extends string>(
  list: string,
  order: Order<Field>,
  value: CursorOrder['value'],
): CursorOrder {
  return { name: `${list}.${order.field}.${order.direction}`, value }
}
