import {
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
} from 'graphql'
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from './page-arguments.ts'

// What a list without a page size is taken to hold: a platform's metrics, a post's publications.
const LIST_SIZE = 10

/**
 * What a field costs, and how often that is what is below it: an object costs one, a page one and
 * its rows, a list its objects. Numbers and texts come with their object.
 */
export function costOfField(
  { type }: { type: GraphQLOutputType },
  args: Record<string, unknown>,
): { field: number; multiplier: number } {
  const named = getNamedType(type)
  if (isLeafType(named)) return { field: 0, multiplier: 1 }
  if (named.name.endsWith('Connection')) return { field: 1, multiplier: pageSize(args) }
  const size = isListType(getNullableType(type)) ? listSize(args) : 1
  return { field: size, multiplier: size }
}

function listSize(args: Record<string, unknown>): number {
  const given = args['ids'] ?? args['names']
  return Array.isArray(given) ? given.length : LIST_SIZE
}

function pageSize(args: Record<string, unknown>): number {
  const size = args['first'] ?? args['last'] ?? PAGE_SIZE_DEFAULT
  // A size outside the limits is refused when the field is resolved, not here.
  return typeof size === 'number' ? Math.min(Math.max(size, 1), PAGE_SIZE_MAX) : PAGE_SIZE_MAX
}
