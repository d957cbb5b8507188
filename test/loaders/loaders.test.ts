import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLoaders } from '../../src/loaders/loaders.ts'
import { insertPosts } from '../../src/store/posts.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { insertVideos } from '../../src/store/videos.ts'
import { openTestStore } from '../support/database.ts'
import { AT, addWorkspace, FIRST_PAGE, later, outcome, publication } from '../support/rows.ts'

const statements: string[] = []
const store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
afterAll(() => store.close())

const CREATED = { field: 'createdAt', direction: 'asc' } as const

beforeAll(async () => {
  await addWorkspace(store.db, 'one')
  await insertPosts(store.db, 'one', [{ id: 'post', text: null, createdAt: AT }])
  await insertPublications(store.db, 'one', [
    publication({ id: 'a', postId: 'post', createdAt: later(2) }),
    publication({ id: 'b', postId: 'post', createdAt: later(1) }),
    publication({ id: 'c', createdAt: later(3) }),
  ])
  await insertVideos(store.db, 'one', [{ id: 'v', videoId: 'v', publicationId: 'b' }])
  await storePublicationOutcomes(store.db, 'one', [outcome({ id: 'a', payload: { told: 1 } })])
})

beforeEach(() => {
  statements.length = 0
})

const open = (workspace = 'one') => createLoaders(store.db, workspace)

test('rows asked for within one tick come with one statement, each to whoever asked', async () => {
  const { publication } = open()
  const ids = ['c', 'nobody', 'a', 'c', 'b']
  const rows = await Promise.all(ids.map((id) => publication.load(id)))
  expect(rows.map((row) => row?.id ?? null)).toEqual(['c', null, 'a', 'c', 'b'])
  expect(statements).toHaveLength(1)
})

test('a row is read once in the life of the loaders, and anew by the next', async () => {
  const loaders = open()
  await loaders.account.load('account')
  await loaders.account.load('account')
  expect(statements).toHaveLength(1)
  await open().account.load('account')
  expect(statements).toHaveLength(2)
  loaders.clear()
  await loaders.account.load('account')
  expect(statements).toHaveLength(3)
})

test('rows of a list need no statement of their own', async () => {
  const loaders = open()
  await loaders.publications.page({}, CREATED, FIRST_PAGE)
  await loaders.accounts.page({}, FIRST_PAGE)
  await loaders.posts.page({}, FIRST_PAGE)
  expect(statements).toHaveLength(3)
  await Promise.all([
    loaders.publication.load('a'),
    loaders.account.load('account'),
    loaders.post.load('post'),
  ])
  expect(statements).toHaveLength(3)
})

test('a video brings its publication, and a publication finds its video', async () => {
  const loaders = open()
  const uploads = { field: 'uploadDate', direction: 'desc' } as const
  await loaders.videos.page({}, uploads, FIRST_PAGE)
  const video = await loaders.videoOfPublication.load('b')
  expect(video).toEqual(await loaders.video.load('v'))
  expect(video?.publication).toEqual(await loaders.publication.load('b'))
  expect(statements).toHaveLength(1)
  expect(await open().videoOfPublication.load('a')).toBeNull()
})

test('the publications of a post come with the one recorded first at the start', async () => {
  const { publicationsOfPost, publication } = open()
  const [rows, none] = await Promise.all([
    publicationsOfPost.load('post'),
    publicationsOfPost.load('nothing'),
  ])
  expect(rows.map(({ id }) => id)).toEqual(['b', 'a'])
  expect(none).toEqual([])
  expect(await publication.load('a')).toBe(rows[1])
  expect(statements).toHaveLength(1)
})

test('a payload is read only by its own loader, and null where the platform never answered', async () => {
  const { publicationPayload } = open()
  const payloads = await Promise.all([publicationPayload.load('a'), publicationPayload.load('b')])
  expect(payloads).toEqual([{ told: 1 }, null])
  expect(statements).toHaveLength(1)
})

test('another workspace has none of it', async () => {
  const loaders = open('two')
  const found = await Promise.all([
    loaders.account.load('account'),
    loaders.post.load('post'),
    loaders.publication.load('a'),
    loaders.video.load('v'),
    loaders.workspace(),
  ])
  expect(found).toEqual([null, null, null, null, null])
})
