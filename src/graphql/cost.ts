import { type GraphQLOutputType, getNamedType, getNullableType, isListType } from 'graphql'
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from './page-arguments.ts'

// What a list without a page size is taken to hold: a platform's metrics, a post's publications.
const LIST_SIZE = 10

/** How many objects a field can answer with: the page size, the ids given, or a list's usual. */
export function listSize(field: { type: GraphQLOutputType }, args: Record<string, unknown>) {
  if (getNamedType(field.type).name.endsWith('Connection')) return pageSize(args)
  if (!isListType(getNullableType(field.type))) return 1
  const given = args['ids'] ?? args['names']
  return Array.isArray(given) ? given.length : LIST_SIZE
}

function pageSize(args: Record<string, unknown>): number {
  const size = args['first'] ?? args['last'] ?? PAGE_SIZE_DEFAULT
  // A size outside the limits is refused when the field is resolved, not here.
  return typeof size === 'number' ? Math.min(Math.max(size, 1), PAGE_SIZE_MAX) : PAGE_SIZE_MAX
}
