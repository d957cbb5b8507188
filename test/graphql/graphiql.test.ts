import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examplesFor } from '../../src/graphql/examples.ts'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const key = 'weir_demo_key'
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
  for (const query of examplesFor('account')) {
    const name = /(query|mutation) \w+/.exec(query)?.[0]
    expect(page).toContain(name)
  }
  expect(page).toContain(`Bearer ${key}`)
})

describe.each(examplesFor('account'))('%s', (query) => {
  test('runs as it stands, without variables', async () => {
    const answer = await graphql.query(query)
    expect(answer.errors).toEqual([])
    expect(answer.data).not.toBeNull()
  })
})
