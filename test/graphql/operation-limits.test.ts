import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const LIMITS = {
  ...{ depthMax: 6, breadthMax: 300, rootFieldsMax: 5, aliasesMax: 4, directivesMax: 3 },
  ...{ tokensMax: 1000, costMax: 1_000_000, costPerMinute: 1_000_000_000 },
}
const graphql = await openGraphql({ limits: LIMITS })
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ')

async function refusalOf(query: string): Promise<string | null> {
  graphql.statements.length = 0
  const { errors } = await graphql.query(query)
  const [error] = errors
  if (error?.extensions['code'] !== 'QUERY_TOO_COMPLEX') {
    expect(errors).toEqual([])
    return null
  }
  expect([errors.length, graphql.statements]).toEqual([1, []])
  return error.message
}

const aliased = (count: number) => `{ workspace { ${times(count, (at) => `a${at}: name`)} } }`
const deep = '{ publications { nodes { account { posts { nodes { id } } } } } }'
const FRAGMENTS = 'fragment A on Workspace { a: name b: name @include(if: true) }'
const used = (count: number) => `{ workspace { name ${'...A '.repeat(count)}} } ${FRAGMENTS}`
const skipped = (count: number) => `{ workspace { name ${'id @skip(if: false) '.repeat(count)}} }`

describe.each([
  ['levels', deep, deep.replace('id', 'account { id }'), 'nests 7 fields, and 6 is the most'],
  ['aliases', aliased(4), aliased(5), 'has 5 aliases, and 4 is the most'],
  ['aliases of fragments', used(2), used(3), 'has 6 aliases, and 4 is the most'],
  ['directives', skipped(3), skipped(4), 'has 4 directives, and 3 is the most'],
  [
    'fields to begin with',
    `{ ${'...Q '.repeat(5)}} fragment Q on Query { workspace { id } }`,
    `{ ${'...Q '.repeat(6)}} fragment Q on Query { workspace { id } }`,
    'begins with 6 fields, and 5 is the most',
  ],
  [
    'fields',
    `{ workspace { ${'name '.repeat(299)}} }`,
    `{ workspace { ${'name '.repeat(300)}} }`,
    'selects 301 fields, and 300 is the most',
  ],
  [
    'tokens',
    `{ workspace { name ${'... { id } '.repeat(248)}} }`,
    `{ workspace { name ${'... { id } '.repeat(249)}} }`,
    'has more than 1000 tokens',
  ],
])('of %s', (_what, allowed, refused, message) => {
  test('an operation has as many as are allowed, and no more', async () => {
    expect(await refusalOf(allowed)).toBeNull()
    expect(await refusalOf(refused)).toContain(`The operation ${message}.`)
  })
})

// Each fragment uses the next one ten times: 10^30 fields.
const BOMB = [
  '{ workspace { ...F0 } }',
  ...Array.from({ length: 30 }, (_, at) => {
    return `fragment F${at} on Workspace { ${`...F${at + 1} `.repeat(10)}}`
  }),
  'fragment F30 on Workspace { name }',
].join('\n')

test('a bomb of fragments is refused without being spread out', async () => {
  expect(await refusalOf(BOMB)).toMatch(
    /^The operation selects countless fields, and 300 is the most/,
  )
})

test('a bomb that no operation uses is refused alike, before anything is compared', async () => {
  const unused = BOMB.replace('{ workspace { ...F0 } }', '{ workspace { name } }')
  expect(await refusalOf(unused)).toMatch(/^The operation selects countless fields/)
})

test('a fragment that uses itself is told so, however it does', async () => {
  for (const inner of ['...B', '... { ...B }', 'name ...B ...B']) {
    const query = `{ workspace { ...A } } fragment A on Workspace { ${inner} } fragment B on Workspace { ...A }`
    const { errors } = await graphql.query(query)
    const [error] = errors
    expect(error?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
    expect(error?.message).toContain('Cannot spread fragment')
  }
})

test('what nests thousands of times is refused, whatever may nest', async () => {
  await using wide = await openGraphql({ limits: { tokensMax: 20_000, depthMax: 100 } })
  const nests = (open: string, close: string) => open.repeat(3500) + close.repeat(3500)
  for (const query of [
    `{ workspace ${nests('{ a ', '}')} }`,
    `{ workspace ${nests('... { ', '}')} }`,
    `{ account(id: ${nests('[', ']')}) { id } }`,
    `{ account(id: ${nests('{ a: ', '}')}) { id } }`,
    `query ($a: ${nests('[', ']')}) { workspace { id } }`,
  ]) {
    const { errors } = await wide.query(query)
    expect(errors[0]?.extensions['code']).toMatch(/QUERY_TOO_COMPLEX|GRAPHQL_(PARSE|VALIDATION)/)
  }
  expect(wide.logged).toEqual([])
})

describe('an introspection', () => {
  test('of the usual tools is within the limits', async () => {
    const most = { descriptions: true, schemaDescription: true, inputValueDeprecation: true }
    const query = getIntrospectionQuery({ ...most, specifiedByUrl: true, oneOf: true })
    expect(await refusalOf(query)).toBeNull()
  })

  test('that goes through the same lists again and again is refused', async () => {
    const facts = 'name description isDeprecated deprecationReason'
    const inner = `fields { ${facts} args { name description type { name kind } } }`
    const types = `types { fields { ${facts} type { name kind ${inner} } } }`
    expect(await refusalOf(`{ __schema { ${types} } }`)).toBeNull()
    const many = times(4, (at) => `a${at}: ${types}`)
    expect(await refusalOf(`{ __schema { ${many} } }`)).toMatch(
      /^The operation could answer with \d+ fields of the schema, and 200000 is the most/,
    )
  })
})

test('as many lines are read as tokens, whatever ends them, and no more', async () => {
  const after = (lines: number, end: string) => refusalOf(`${end.repeat(lines)}${aliased(1)}`)
  for (const end of ['\n', '\r', '\r\n']) {
    expect(await after(LIMITS.tokensMax, end)).toBeNull()
    expect(await after(LIMITS.tokensMax + 1, end)).toContain('has more than 1000 lines')
  }
})
