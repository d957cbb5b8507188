import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertPosts, postCount, postPage, postsByIds } from '../../src/store/posts.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { AT, addWorkspace, FIRST_PAGE, later, publication } from '../support/rows.ts'

describeStores('posts', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    for (const name of ['new', 'lists']) await addWorkspace(store.db, name)
  })
  afterAll(() => store.close())

  test('a recorded post comes back as it was given, and a taken id is left out', async () => {
    const post = { id: 'a', text: 'Grüße', createdAt: AT }
    expect(await insertPosts(store.db, 'new', [post])).toEqual(['a'])
    const again = [
      { ...post, text: 'other' },
      { ...post, id: 'b', text: null },
    ]
    expect(await insertPosts(store.db, 'new', again)).toEqual(['b'])
    const found = await postsByIds(store.db, 'new', ['a', 'b', 'none'])
    expect(found.toSorted((left, right) => (left.id < right.id ? -1 : 1))).toEqual([
      { ...post, workspaceId: 'new' },
      { ...post, workspaceId: 'new', id: 'b', text: null },
    ])
  })

  test('lists are newest first; a filter wants one publication that matches all of it', async () => {
    const posts = ['a', 'b', 'c'].map((id, index) => ({ id, text: id, createdAt: later(index) }))
    await insertPosts(store.db, 'lists', posts)
    await insertPublications(store.db, 'lists', [
      publication({ id: '1', postId: 'a', contentType: 'reel' }),
      publication({ id: '2', postId: 'a', contentType: 'reel' }),
      publication({ id: '3', postId: 'b', platform: 'tiktok' }),
    ])
    const matches = async (filter: Parameters<typeof postPage>[2]) => {
      const { rows } = await postPage(store.db, 'lists', filter, FIRST_PAGE)
      expect(await postCount(store.db, 'lists', filter)).toBe(rows.length)
      return rows.map((entry) => entry.row.id).join('')
    }
    expect(await matches({})).toBe('cba')
    expect(await matches({ platform: null, from: null })).toBe('cba')
    expect(await matches({ contentType: 'reel' })).toBe('a')
    expect(await matches({ accountId: 'account' })).toBe('ba')
    expect(await matches({ contentType: 'reel', platform: 'tiktok' })).toBe('')
  })
})
