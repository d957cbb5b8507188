import { AppError } from '../domain/errors.ts'

/** The types that `node` finds by their global id. */
export const NODE_TYPES = [
  'Account',
  'Post',
  'Publication',
  'Video',
  'Refresh',
  'Workspace',
] as const

/** A type that `node` finds by its global id. */
export type NodeType = (typeof NODE_TYPES)[number]

/** The opaque id that names an object of any type. */
export function encodeId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64')
}

/** What a global id names; null when the text is no global id of this schema. */
export function decodeId(text: string): { type: NodeType; id: string } | null {
  const decoded = Buffer.from(text, 'base64').toString()
  const colon = decoded.indexOf(':')
  const type = NODE_TYPES.find((each) => each === decoded.slice(0, colon))
  const id = decoded.slice(colon + 1)
  // Whatever does not come back as the same text was not made by `encodeId`.
  return type !== undefined && id !== '' && encodeId(type, id) === text ? { type, id } : null
}

/**
 * The plain id that an argument names, given plain or as the global id of `type`. The global id of
 * another type stays as it is, which no row has. Throws `BAD_USER_INPUT` for what no id can hold.
 */
export function toLocalId(type: NodeType, given: string, argument = 'id'): string {
  if (given.includes('\0')) {
    throw new AppError('BAD_USER_INPUT', `\`${argument}\` holds the character U+0000.`, argument)
  }
  const decoded = decodeId(given)
  return decoded?.type === type && !decoded.id.includes('\0') ? decoded.id : given
}
