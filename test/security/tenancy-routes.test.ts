import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, NODE_TYPES } from '../../src/graphql/ids.ts'
import { REST_APIS } from '../../src/rest/facades.ts'
import { openRest } from '../rest/opened.ts'
import { WORKSPACE } from '../support/gateway.ts'
import { leveled } from './alike.ts'
import { type Route, type RouteParameter, routesOf, urlOf } from './routes.ts'
import { type Ids, idsOf, openTwoWorkspaces, THEIRS, type TwoWorkspaces } from './two-workspaces.ts'

// What parameters name, by name; null: nothing.
const NAMES: Record<string, 'id' | 'key' | null> = {
  ...{ id: 'id', account_id: 'id', accountId: 'id', post_id: 'id', postId: 'id' },
  ...{ social_connection_id: 'id', 'Idempotency-Key': 'key' },
  ...{ platform: null, refresh: null, limit: null, page: null, per_page: null, sort_by: null },
  ...{ sort_order: null, fromDate: null, toDate: null, from: null, to: null, format: null },
  ...{ contentType: null, publishedFrom: null, publishedTo: null, syncStatus: null, bom: null },
  ...{ createdFrom: null, createdTo: null, interval: null, timeZone: null, subject: null },
}
const NEVER = idsOf('their-never', 'their-never-workspace')

interface Place {
  route: Route
  parameter: RouteParameter
  name: string
  meaning: 'id' | 'key'
}

const routes = await routesOf({ app: { rest: openRest([], { vendors: REST_APIS }) } })
const PLACES: Place[] = routes.flatMap((route) =>
  route.parameters.flatMap((parameter) => {
    const meaning = NAMES[parameter.name]
    if (meaning === undefined) throw new Error(`Nobody said what ${parameter.name} names.`)
    const name = `${route.name} (${parameter.name})`
    return meaning === null ? [] : [{ route, parameter, name, meaning }]
  }),
)

let two: TwoWorkspaces
beforeAll(async () => {
  two = await openTwoWorkspaces()
}, 60_000)
afterAll(() => two[Symbol.asyncDispose]())

/** What a route that needs more than the one parameter is asked with. */
function ownFor({ route, parameter }: Place): Record<string, string> {
  const { Account, Post, Video } = two.own
  const id = route.path.includes('/videos/{id}') ? Video : Account
  const all: Record<string, string> = { id, account_id: Account, post_id: Post }
  const isNeeded = ({ name, required }: RouteParameter) => required && name in all
  const needed = route.parameters.filter((each) => each !== parameter && isNeeded(each))
  return Object.fromEntries(needed.map(({ name }) => [name, all[name] ?? '']))
}

async function answerTo(place: Place, value: string, more: Record<string, string> = {}) {
  const { route, parameter } = place
  const given = {
    ...ownFor(place),
    ...more,
    ...(parameter.in !== 'header' && { [parameter.name]: value }),
  }
  const headers = {
    authorization: `Bearer ${two.gateway.key}`,
    ...(parameter.in === 'header' && { [parameter.name]: value }),
  }
  const request = new Request(urlOf(route, given), { method: route.method, headers })
  const answer = await two.gateway.app.rest.fetch(request)
  const told = [...answer.headers].filter(
    ([name]) => !/date|etag|request|length|limit|version/i.test(name),
  )
  const names = [
    value,
    encodeURIComponent(value),
    ...Object.values(NEVER),
    ...Object.values(two.theirs),
  ]
  return {
    status: answer.status,
    ...(leveled({ told, body: await answer.text() }, names) as object),
  }
}

const forms = (ids: Ids) => [
  ...Object.values(ids),
  ...NODE_TYPES.map((type) => encodeId(type, ids[type])),
]

/** The other parameters that change what an id means. */
function settings({ route }: Place): Record<string, string>[] {
  const subject = route.parameters.find(({ name }) => name === 'subject')
  return subject?.schema.enum?.map((value) => ({ subject: value })) ?? [{}]
}

describe('ids', () => {
  test.each(PLACES)('$name knows another workspace’s as little as none', async (place) => {
    const before = await Promise.all([WORKSPACE, THEIRS].map(two.rowsOf))
    const never = forms(NEVER)
    for (const setting of settings(place)) {
      for (const [form, id] of forms(two.theirs).entries()) {
        const expected = await answerTo(place, never[form] ?? '', setting)
        expect(expected.status).toBeLessThan(500)
        expect([id, await answerTo(place, id, setting)]).toEqual([id, expected])
      }
    }
    if (place.meaning === 'key') return
    expect(await Promise.all([WORKSPACE, THEIRS].map(two.rowsOf))).toEqual(before)
  })

  test.each(PLACES.filter((place) => place.meaning === 'id'))(
    '$name knows its own workspace’s, so that it is asked in earnest',
    async (place) => {
      const answers: string[] = []
      const nevers: string[] = []
      for (const setting of settings(place)) {
        nevers.push(JSON.stringify(await answerTo(place, NEVER.Account, setting)))
        for (const id of Object.values(two.own)) {
          answers.push(JSON.stringify(await answerTo(place, id, setting)))
        }
      }
      expect(answers.filter((answer) => !nevers.includes(answer))).not.toEqual([])
    },
  )
})

test('a key that another workspace has wished with is a new one', async () => {
  const path = `/api/ext/accounts/${two.theirs.Account}/analytics/refresh`
  const headers = { authorization: `Bearer ${two.theirKey}`, 'idempotency-key': 'shared' }
  const ask = (text: string, key: string) =>
    two.gateway.rest(path.replace(two.theirs.Account, text), {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${key}` },
    })
  const theirs = await ask(two.theirs.Account, two.theirKey)
  const own = await ask(two.own.Account, two.gateway.key)
  expect([theirs.status, own.status]).toEqual([200, 200])
  expect(own.headers.get('idempotency-replayed')).toBeNull()
  expect(await own.text()).not.toContain('their-')
})
