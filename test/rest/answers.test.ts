import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { recordChanges } from '../../src/store/changes.ts'
import { insertPosts } from '../../src/store/posts.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { addAccounts, addPublications } from '../support/rows.ts'

const POSTS = '/v1/analytics/posts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ isWorker: false, isServing: true })
  await addAccounts(gateway.db, WORKSPACE, ['account'])
  await addPublications(gateway.db, WORKSPACE, ['p1', 'p2'])
  await insertPosts(gateway.db, WORKSPACE, [{ id: 'post', text: null, createdAt: NOW }])
  const fresh = {
    post_id: 'post',
    last_updated_at: NOW,
    stale_after: new Date(NOW.getTime() + 60_000),
  }
  await gateway.db.updateTable('publication').set(fresh).execute()
})
afterAll(() => gateway[Symbol.asyncDispose]())

async function get(path: string, headers: Record<string, string> = {}) {
  gateway.heard.length = 0
  const response = await fetch(gateway.app.url + path, {
    headers: { authorization: `Bearer ${gateway.key}`, ...headers },
  })
  const text = await response.text()
  await gateway.app.authenticator.settle()
  const statements = gateway.heard.filter((sql) => !sql.includes('"api_key"'))
  return { status: response.status, text, statements, headers: response.headers }
}

const change = () =>
  gateway.db.transaction().execute((transaction) => recordChanges(transaction, WORKSPACE, NOW, {}))

describe('an answer', () => {
  beforeEach(change)

  test('is given again without a statement, with the same tag and type', async () => {
    const [first, again] = [await get(POSTS), await get(POSTS)]
    expect([first.statements.length > 0, again.statements]).toEqual([true, []])
    expect([again.status, again.text]).toEqual([200, first.text])
    for (const name of ['etag', 'content-type', 'cache-control', 'weir-version']) {
      expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)])
      expect(first.headers.get(name)).not.toBeNull()
    }
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
  })

  test('that a client still has is 304, kept here or not', async () => {
    const first = await get(POSTS)
    const tag = first.headers.get('etag') ?? ''
    const kept = await get(POSTS, { 'if-none-match': tag })
    expect([kept.status, kept.text, kept.statements]).toEqual([304, '', []])
    await change()
    const made = await get(POSTS, { 'if-none-match': `W/"other", ${tag}` })
    expect([made.status, made.statements.length > 0]).toEqual([304, true])
    expect(Number(made.headers.get('weir-version'))).toBe(
      Number(kept.headers.get('weir-version')) + 1,
    )
  })

  test('is made anew once data has changed, and for other parameters', async () => {
    await get(POSTS)
    expect((await get(`${POSTS}?limit=1`)).statements).not.toEqual([])
    expect((await get(`${POSTS}?limit=1`)).statements).toEqual([])
    await change()
    expect((await get(POSTS)).statements).not.toEqual([])
  })

  test('is made anew once a read would have something refreshed', async () => {
    await get(POSTS)
    gateway.clock.now = new Date(NOW.getTime() + 59_999)
    expect((await get(POSTS)).statements).toEqual([])
    gateway.clock.now = new Date(NOW.getTime() + 60_000)
    expect((await get(POSTS)).statements).not.toEqual([])
    expect((await get(POSTS)).statements).not.toEqual([])
    gateway.clock.now = NOW
  })

  test('that was to be refreshed is never given again', async () => {
    for (const _ of [1, 2]) expect((await get(`${POSTS}?refresh=true`)).statements).not.toEqual([])
  })

  test('is given to nobody without a good key, and counts against the key’s limit', async () => {
    await get(POSTS)
    expect((await get(POSTS, { authorization: 'Bearer none' })).status).toBe(401)
    const few = await gateway.keyWith([])
    expect((await get(POSTS, { authorization: `Bearer ${few}` })).status).toBe(403)
    const left = async () =>
      Number(
        (
          await get('/api/ext/accounts/account/analytics', { 'x-api-key': gateway.key })
        ).headers.get('x-ratelimit-remaining'),
      )
    const before = await left()
    expect(await left()).toBe(before - 1)
  })

  test('says which request it answers as the client named it', async () => {
    await get(POSTS)
    const again = await get(POSTS, { 'x-request-id': 'mine' })
    expect([again.statements, again.headers.get('x-request-id')]).toEqual([[], 'mine'])
  })
})
