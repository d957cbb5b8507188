import { getNamedType, isAbstractType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCOPES, type Scope } from '../../src/auth/scopes.ts'
import { schema } from '../../src/graphql/schema.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { JWT_ENVIRONMENT } from '../support/jwt.ts'
import { argumentsOf } from './given-arguments.ts'
import { type Asking, everybody } from './principals.ts'
import { type Route, routesOf, urlOf } from './routes.ts'
import { letsIn, type SchemaField, schemaFields } from './schema-fields.ts'
import {
  FIELD_NEEDS,
  type Need,
  READ_ONLY_TYPES,
  ROUTE_NEEDS,
  SERVER_PATHS,
} from './scope-table.ts'

const FIELDS = schemaFields()
const ROOTS = FIELDS.filter(({ type }) => /^(Query|Mutation|Subscription)$/.test(type.name))

const METRICS_TOKEN = 'the-secret-of-metrics-0123456789'

let gateway: Gateway
let asking: Asking[]
let routes: Route[]

beforeAll(async () => {
  const environment = {
    ...{ ...JWT_ENVIRONMENT, WEIR_METRICS_TOKEN: METRICS_TOKEN },
    WEIR_REST_REFRESH_BUDGET_MS: '0',
  }
  gateway = await startGateway({ isWorker: false, isServing: true, environment })
  asking = await everybody(gateway)
  routes = await routesOf(gateway)
}, 60_000)
afterAll(() => gateway[Symbol.asyncDispose]())

function needOf({ type, field, name }: SchemaField): Need {
  if (READ_ONLY_TYPES.includes(type.name) && !FIELD_NEEDS[type.name]) return 'nothing'
  const lists = Object.entries(FIELD_NEEDS[type.name] ?? {})
  const needs = lists.filter(([, fields]) => fields.split(' ').includes(field.name))
  if (needs.length !== 1) throw new Error(`${name} stands ${needs.length} times in the table.`)
  return needs[0]?.[0] as Need
}

describe('fields', () => {
  test('each field of each type, and no other, stands in the table', () => {
    expect(FIELDS.map(needOf)).toHaveLength(FIELDS.length)
    const listed = Object.entries(FIELD_NEEDS).flatMap(([type, needs]) =>
      Object.values(needs).flatMap((fields) => fields.split(' ').map((name) => `${type}.${name}`)),
    )
    expect(listed.filter((name) => !FIELDS.some((field) => field.name === name))).toEqual([])
    expect(READ_ONLY_TYPES.filter((name) => !isObjectType(schema.getType(name)))).toEqual([])
  })

  test('let in whoever has the scope that they need, and nobody else', async () => {
    for (const scopes of [[], ...SCOPES.map((scope) => [scope]), [...SCOPES]] as Scope[][]) {
      for (const field of FIELDS) {
        const need = needOf(field)
        const isLetIn = need === 'nothing' || scopes.includes(need)
        expect([field.name, scopes, await letsIn(field, scopes)]).toEqual([
          field.name,
          scopes,
          isLetIn,
        ])
      }
    }
  })

  test('no way that takes no scope for reading leads to numbers', () => {
    const types = new Set(['Mutation'])
    for (const name of types) {
      const open = FIELDS.filter((field) => field.type.name === name)
      for (const field of open.filter((each) => needOf(each) !== 'analytics:read')) {
        for (const type of typesOf(field)) types.add(type)
      }
    }
    expect([...types].filter((name) => READ_ONLY_TYPES.includes(name))).toEqual([])
  })
})

function typesOf({ field }: SchemaField): string[] {
  const type = getNamedType(field.type)
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map(({ name }) => name)
  return isObjectType(type) ? [type.name] : []
}

function documentOf({ type, field }: SchemaField): string {
  const given = argumentsOf(field.args, ({ path }) => (path === 'accountId' ? '"a"' : undefined))
  const isObject = typesOf({ type, field, name: '' }).length > 0
  return `${type.name.toLowerCase()} { ${field.name}${given}${isObject ? ' { __typename }' : ''} }`
}

async function askGraph(query: string, { authorization }: Asking, isEvents = false) {
  const headers = {
    'content-type': 'application/json',
    ...(isEvents && { accept: 'text/event-stream' }),
    ...(authorization !== null && { authorization }),
  }
  const answer = await gateway.fetch({ method: 'POST', headers, body: JSON.stringify({ query }) })
  const text = await answer.text()
  const codes = [...text.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code)
  return { status: answer.status, codes, challenge: answer.headers.get('www-authenticate') }
}

describe('operations', () => {
  test.each(ROOTS)('$name answers each kind of principal as it should', async (root) => {
    const query = documentOf(root)
    const need = needOf(root)
    for (const each of asking) {
      const found = await askGraph(query, each, root.type.name === 'Subscription')
      const said = [each.name, found]
      if (each.scopes === null) {
        const refused = { status: 401, codes: ['UNAUTHENTICATED'], challenge: 'Bearer' }
        expect(said).toEqual([each.name, refused])
      } else if (need === 'nothing' || each.scopes.includes(need)) {
        expect(said).toEqual([each.name, { ...found, status: 200, challenge: null }])
        expect(
          ['FORBIDDEN', 'UNAUTHENTICATED'].filter((code) => found.codes.includes(code)),
        ).toEqual([])
      } else {
        expect(said).toEqual([each.name, { status: 200, codes: ['FORBIDDEN'], challenge: null }])
      }
    }
  })

  test('who lacks a scope is told which, and that it may be a key or a token that does', async () => {
    const body = JSON.stringify({ query: '{ workspace { id } }' })
    for (const { authorization } of asking.filter(({ scopes }) => scopes?.length === 0)) {
      const headers = { 'content-type': 'application/json', authorization: authorization ?? '' }
      const answer = await gateway.fetch({ method: 'POST', headers, body })
      expect(await answer.json()).toMatchObject({
        errors: [
          {
            message:
              'This takes the scope analytics:read, which the key or token of this request lacks.',
          },
        ],
      })
    }
  })

  test('what is asked by GET, what is no operation and introspection take a key as well', async () => {
    const questions = ['{ __schema { types { name } } }', '{ __typename }', '{ nonsense }', '{']
    for (const each of asking.filter(({ scopes }) => scopes === null)) {
      const headers = { ...(each.authorization !== null && { authorization: each.authorization }) }
      for (const query of questions) {
        expect((await askGraph(query, each)).status).toBe(401)
        const search = `?query=${encodeURIComponent(query)}`
        expect((await gateway.fetch({ headers }, search)).status).toBe(401)
      }
    }
  })
})

describe('routes', () => {
  test('each of the document, and no other, stands in the table', () => {
    expect(routes.map(({ name }) => name).sort()).toEqual(Object.keys(ROUTE_NEEDS).sort())
  })

  test.each(Object.entries(ROUTE_NEEDS))(
    '%s lets in who may, and nobody else',
    async (name, need) => {
      const route = routes.find((each) => each.name === name)
      if (!route) throw new Error(`There is no route ${name}.`)
      for (const each of asking) {
        const statuses = await Promise.all(askRoute(route, each))
        const isKnown = each.scopes !== null && (need.takesTokens || !each.isToken)
        const isLetIn = each.scopes?.includes(need.scope)
        const expected = isKnown ? (isLetIn ? 'let in' : 403) : 401
        const found = statuses.map((status) => ([401, 403].includes(status) ? status : 'let in'))
        expect([each.name, ...found]).toEqual([each.name, ...found.map(() => expected)])
      }
    },
  )

  test('what the server answers beside them stands in the table, and is as open as that says', async () => {
    const prefixes = gateway.app.rest.prefixes
    const ofRoutes = prefixes.filter((prefix) => routes.some(({ path }) => path.startsWith(prefix)))
    const others = gateway.app.paths.filter((path) => !ofRoutes.includes(path))
    expect(others.sort()).toEqual(Object.keys(SERVER_PATHS).sort())
    const secret = { name: 'the secret of metrics', authorization: `Bearer ${METRICS_TOKEN}` }
    for (const [path, need] of Object.entries(SERVER_PATHS)) {
      for (const each of [...asking, { ...secret, scopes: null }]) {
        const { authorization, name, scopes } = each
        const headers = { ...(authorization !== null && { authorization }) }
        const { status } = await fetch(`${gateway.app.url}${path}`, { headers })
        expect([path, name, status < 500]).toEqual([path, name, true])
        const may = { open: true, known: scopes !== null, secret: name === secret.name }
        expect([path, name, ![401, 403].includes(status)]).toEqual([path, name, may[need]])
      }
    }
  })
})

/** The statuses of the answers to somebody who shows the credential in each of the ways. */
function askRoute(route: Route, { authorization }: Asking): Promise<number>[] {
  // What is no bearer's credential is one only where it is expected after that word.
  const isBearer = authorization === null || authorization.startsWith('Bearer ')
  const ways = route.credentials.filter(({ before }) => isBearer || before !== '')
  return ways.map(async ({ header, before }) => {
    const headers = new Headers()
    if (authorization !== null) headers.set(header, authorization.replace(/^Bearer /, before))
    const request = new Request(urlOf(route), { method: route.method, headers })
    return (await gateway.app.rest.fetch(request)).status
  })
}
