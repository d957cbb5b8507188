import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examplesFor } from '../../src/graphql/examples.ts'
import { eventsOf, subscriptionRequest } from '../support/events.ts'
import { openGraphql } from '../support/graphql.ts'
import { AT, addWorkspace } from '../support/rows.ts'

const key = 'weir_demo_key'
const EXAMPLES = examplesFor('account', AT)
const graphql = await openGraphql({ jobs: true, graphiql: { key, accountId: 'account' } })
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const open = (options: RequestInit = {}) =>
  graphql.fetch({ headers: { accept: 'text/html' }, ...options })

test('the page needs no key, and loads nothing from anywhere else', async () => {
  const response = await open()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html')
  const page = await response.text()
  const [head = ''] = page.split('<script>')
  expect(head).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
  expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)=["']?https?:/)
  expect(page).not.toMatch(/@import|url\(["']?https?:/)
})

test('the page opens on the examples, with the key of a demo filled in', async () => {
  const page = await (await open()).text()
  for (const query of EXAMPLES) {
    const name = /(query|mutation|subscription) \w+/.exec(query)?.[0]
    expect(name).toBeDefined()
    expect(page).toContain(name)
  }
  expect(page).toContain(`Bearer ${key}`)
})

test('the comments of the examples fit into half a window', () => {
  const lines = EXAMPLES.flatMap((query) => query.split('\n'))
  const comments = lines.filter((line) => line.startsWith('#'))
  expect(comments.filter((line) => line.length > 60)).toEqual([])
})

test('one example shows a history of 30 days, up to now', async () => {
  const [query = ''] = EXAMPLES.filter((each) => each.includes('history('))
  const [, from = ''] = /history\(from: "([^"]+)", interval: DAY\)/.exec(query) ?? []
  const days = (AT.getTime() - new Date(from).getTime()) / (24 * 3_600_000)
  expect(Math.ceil(days)).toBe(30)
})

test('one example compares two weeks by platform with the two before', async () => {
  const [query = ''] = EXAMPLES.filter((each) => each.includes('groupBy: [PLATFORM]'))
  const [, from = '', to = ''] =
    /publishedFrom: "([^"]+)", publishedTo: "([^"]+)"/.exec(query) ?? []
  expect(new Date(to).getTime() + 1 - new Date(from).getTime()).toBe(14 * 24 * 3_600_000)
  expect(query).toContain('change {')
})

test('one example tells what audiences gained in four weeks, and how early views came', async () => {
  const [query = ''] = EXAMPLES.filter((each) => each.includes('decay'))
  const [, from = ''] = /audienceChange\(from: "([^"]+)"\)/.exec(query) ?? []
  const days = (AT.getTime() - new Date(from).getTime()) / (24 * 3_600_000)
  expect(Math.floor(days)).toBe(28)
})

const isFollowing = (query: string) => /^subscription /m.test(query)

test('one example follows what the last one does, and runs as it stands', async () => {
  const [query = ''] = EXAMPLES.filter(isFollowing)
  await using events = eventsOf(await graphql.fetch(subscriptionRequest(query, graphql.key())))
  await graphql.query(EXAMPLES.at(-1) ?? '')
  expect(await events.next()).toMatchObject({ data: { refreshUpdated: { status: 'QUEUED' } } })
})

describe.each(EXAMPLES.filter((query) => !isFollowing(query)))('%s', (query) => {
  test('runs as it stands, without variables', async () => {
    const answer = await graphql.query(query)
    expect(answer.errors).toEqual([])
    expect(answer.data).not.toBeNull()
  })
})
