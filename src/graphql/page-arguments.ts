import { type CursorOrder, decodeCursor } from '../domain/cursor.ts'
import { AppError } from '../domain/errors.ts'
import type { PageRequest } from '../domain/page.ts'

/** How many rows a page holds when nobody says. */
export const PAGE_SIZE_DEFAULT = 25

/** How many rows a page can hold. */
export const PAGE_SIZE_MAX = 100

/** The arguments that lists take. */
export interface PageArguments {
  first?: number | null | undefined
  after?: string | null | undefined
  last?: number | null | undefined
  before?: string | null | undefined
}

/**
 * The slice of an ordered list that the arguments ask for. Throws `BAD_USER_INPUT`, naming the
 * argument, for a size outside 1 to 100, for both sizes, and for what is no cursor of this order.
 */
export function toPageRequest(args: PageArguments, order: CursorOrder): PageRequest {
  const { first, last, after, before } = args
  if (isGiven(first) && isGiven(last)) {
    throw new AppError('BAD_USER_INPUT', 'Give `first` or `last`, not both.', 'last')
  }
  return {
    limit: checkSize('first', first) ?? checkSize('last', last) ?? PAGE_SIZE_DEFAULT,
    after: isGiven(after) ? decodeCursor(order, after, 'after') : null,
    before: isGiven(before) ? decodeCursor(order, before, 'before') : null,
    backwards: isGiven(last),
  }
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}

function checkSize(argument: 'first' | 'last', size: number | null | undefined): number | null {
  if (!isGiven(size)) return null
  if (size >= 1 && size <= PAGE_SIZE_MAX) return size
  const message = `\`${argument}\` takes 1 to ${PAGE_SIZE_MAX}, not ${size}.`
  throw new AppError('BAD_USER_INPUT', message, argument)
}
