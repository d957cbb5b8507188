/** An operation that no client in its senses sends, and how it is refused. */
export interface Attack {
  name: string
  body: string
  status: number
  code: string
  /** What the message says of the limit. */
  says: RegExp
}

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ')

const nested = (open: string, count: number, close: string) =>
  open.repeat(count) + close.repeat(count)

const ofQuery = (query: string, more: object = {}) => JSON.stringify({ query, ...more })

function tooComplex(name: string, query: string, says: RegExp): Attack {
  return { name, body: ofQuery(query), status: 200, code: 'QUERY_TOO_COMPLEX', says }
}

function badRequest(name: string, body: string, says: RegExp): Attack {
  return { name, body, status: 400, code: 'BAD_REQUEST', says }
}

function ofIds(selections: string, count: number): string {
  const ids = Array.from({ length: count }, (_, at) => `id${at}`)
  return ofQuery(`query ($ids: [ID!]!) { ${selections} }`, { variables: { ids } })
}

const FRAGMENTS = times(30, (at) => `fragment F${at} on Account { ${`...F${at + 1} `.repeat(10)} }`)
const TYPES =
  'types { fields { name description type { name kind fields { name description args { name } } } } }'

/** Attacks of every kind that one request can be. */
export const ATTACKS: readonly Attack[] = [
  tooComplex(
    'a hundred levels',
    `{ accounts { nodes ${nested('{ posts { nodes { account ', 33, '} } }').replace('account }', 'account { id } }')} } }`,
    /nests 1\d\d fields, and 15 is the most/,
  ),
  tooComplex(
    'levels that never end',
    `{ a${'{a'.repeat(60_000)}`,
    /has more than 4000 tokens|is nested too deeply to be read/,
  ),
  tooComplex(
    'a thousand aliases',
    `{ workspace { ${times(1000, (at) => `a${at}: name`)} } }`,
    /(has 1000 aliases, and 100|selects 1001 fields, and 500) is the most/,
  ),
  tooComplex(
    'two hundred aliases of a list',
    `{ ${times(200, (at) => `a${at}: accounts(first: 1) { totalCount }`)} }`,
    /begins with 200 fields, and 20 is the most/,
  ),
  tooComplex(
    'a bomb of fragments',
    `{ accounts { nodes { ...F0 } } } ${FRAGMENTS} fragment F30 on Account { id }`,
    /selects countless fields, and 500 is the most/,
  ),
  tooComplex(
    'fragments that are compared with each other',
    `{ ${times(300, (at) => `...F${at}`)} } ${times(300, (at) => `fragment F${at} on Query { workspace { id } }`)}`,
    /selects 600 fields, and 500 is the most/,
  ),
  tooComplex(
    'the same field again and again',
    `{ ${'workspace { id } '.repeat(900)} }`,
    /900 fields|1800 fields/,
  ),
  tooComplex(
    'directives',
    `{ workspace { id ${'@skip(if: false) '.repeat(500)} } }`,
    /500 directives, and 100/,
  ),
  tooComplex(
    'a list of arguments that nests',
    `{ account(id: ${nested('[', 40_000, ']')}) { id } }`,
    /has more than 4000 tokens|is nested too deeply to be read/,
  ),
  tooComplex(
    'pages of pages of pages',
    '{ posts(first: 100) { nodes { publications { account { posts(first: 100) { nodes { id } } } } } } }',
    /could answer with \d+ objects, and 10000 is the most/,
  ),
  tooComplex(
    'the schema of the schema',
    `{ __schema { ${times(20, (at) => `a${at}: ${TYPES}`)} } }`,
    /could answer with \d+ fields of the schema, and 200000 is the most/,
  ),
  badRequest(
    'a thousand operations at once',
    `[${Array.from({ length: 1000 }, () => ofQuery('{ workspace { id } }')).join()}]`,
    /takes one operation, not a list of them/,
  ),
  badRequest(
    'variables that nest',
    `{"query":"{ workspace { id } }","variables":{"a":${nested('[', 100_000, ']')}}}`,
    /nest more than 20 levels/,
  ),
  badRequest(
    'extensions that nest',
    `{"query":"{ workspace { id } }","extensions":${nested('{"a":', 30_000, '}').replace(':}', ':1}')}}`,
    /nest more than 20 levels/,
  ),
  badRequest('a body that nests', nested('[', 100_000, ']'), /takes one operation, not a list/),
  badRequest('a body that ends midway', `{"query":"${'a'.repeat(100_000)}`, /is invalid JSON/),
  badRequest(
    'more ids than there may be values',
    ofIds('nodes(ids: $ids) { id }', 20_000),
    /holds more than 2000 values, the most\. Send its variables in several/,
  ),
  {
    name: 'many ids',
    body: ofIds(
      times(10, (at) => `a${at}: nodes(ids: $ids) { id }`),
      1900,
    ),
    ...{
      status: 200,
      code: 'QUERY_TOO_COMPLEX',
      says: /could answer with 19000 objects, and 10000 is the most/,
    },
  },
  {
    name: 'many wrong variables',
    body: ofQuery('query ($ids: [Int!]!) { accounts(first: $ids) { totalCount } }', {
      variables: { ids: Array.from({ length: 1900 }, () => 'x') },
    }),
    ...{ status: 200, code: 'GRAPHQL_VALIDATION_FAILED', says: /Variable "\$ids" of type/ },
  },
  {
    name: 'a long name',
    body: ofQuery(`{ ${'a'.repeat(200_000)} }`),
    ...{ status: 200, code: 'GRAPHQL_VALIDATION_FAILED', says: /^Cannot query field "a{900}/ },
  },
]
