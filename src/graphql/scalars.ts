import { GraphQLError, GraphQLScalarType } from 'graphql'
import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars'

/** Exact integers up to 2^53 - 1, as JSON numbers. GraphQL's own Int ends at 2^31 - 1. */
export const COUNT = new GraphQLScalarType<number, number>({
  name: 'Count',
  description:
    'An exact integer of up to 2^53 - 1, as a JSON number. Views pass the 2^31 - 1 of Int.',
  serialize: countOrThrow,
  parseValue: countOrThrow,
})

/** Instants: RFC 3339 in, UTC with milliseconds out. */
export const DATE_TIME = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'An instant as RFC 3339 text, such as `2026-01-31T09:30:00.000Z`. Answers are UTC.',
  serialize: (at) => (at instanceof Date ? at.toISOString() : GraphQLDateTimeISO.serialize(at)),
  parseValue: instantOrThrow,
  parseLiteral: (node) => instantOrThrow('value' in node ? node.value : null),
})

/** Any JSON value, as it is. */
export const JSON_VALUE = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: 'Any JSON value. Integers beyond 2^53 - 1 are strings of their digits.',
  specifiedByURL: null,
})

/** Absolute addresses with http or https, spelled as they were given. */
export const URL_TEXT = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'An absolute address with http or https, spelled as it was given.',
  serialize: shownOrThrow,
  parseValue: urlOrThrow,
})

const WEB_ADDRESS = /^https?:\/\//i

/** A stored address as URL can carry it; null when it is no absolute http or https address. */
export function toUrl(text: string | null): string | null {
  if (text === null || !WEB_ADDRESS.test(text)) return null
  return URL.canParse(text) ? text : null
}

function countOrThrow(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new GraphQLError(`Count takes integers of up to 2^53 - 1, not ${JSON.stringify(value)}.`)
}

function instantOrThrow(value: unknown): Date {
  const at = GraphQLDateTimeISO.parseValue(value)
  // Databases have no year 0, five digits are no RFC 3339, and an invalid date has no year.
  if (at instanceof Date && at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999) return at
  throw new GraphQLError(`DateTime takes RFC 3339 text, not ${JSON.stringify(value)}.`)
}

// Whatever is shown has come through `toUrl`, which takes longer, so this looks at the beginning.
function shownOrThrow(value: unknown): string {
  if (typeof value === 'string' && WEB_ADDRESS.test(value)) return value
  throw new GraphQLError('URL takes an absolute http or https address.')
}

function urlOrThrow(value: unknown): string {
  const url = typeof value === 'string' ? toUrl(value) : null
  if (url !== null) return url
  throw new GraphQLError('URL takes an absolute http or https address.')
}
