import { describe, expect, test } from 'vitest'
import type { RecordPostInput, RecordPublicationInput } from '../../src/refresh/posts.ts'
import { videosOfPublications } from '../../src/store/videos.ts'
import { openTestStore } from '../support/database.ts'
import { numbersOf } from './fake-platform.ts'
import { openRefreshing, START, WORKSPACE } from './refreshing.ts'

function publication(
  platformPostId: string,
  more: Partial<RecordPublicationInput> = {},
): RecordPublicationInput {
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const when = { createdAt: null, publishedAt: null }
  return { ...unsaid, ...when, accountId: 'acc_1', platformPostId, ...more }
}

function post(...publications: RecordPublicationInput[]): RecordPostInput {
  return { localId: 'post_1', text: 'Hello', publications }
}

describe('recording a post', () => {
  test('keeps its publications, makes video records and queues a refresh of them alone', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    const { account, refresh } = await weir.connect()
    await weir.run(refresh)
    const input = post(
      publication('v1', { localId: 'pub_1', contentType: 'video' }),
      publication('t1', { localId: 'pub_2' }),
    )
    const answer = await weir.commands.recordPost(WORKSPACE, input)
    expect(answer).toEqual({
      kind: 'recorded',
      post: { workspaceId: WORKSPACE, id: 'post_1', text: 'Hello', createdAt: START },
    })
    expect(await weir.publications(account.id)).toMatchObject({
      v1: { id: 'pub_1', postId: 'post_1', platform: 'tiktok', syncStatus: 'pending' },
      t1: { id: 'pub_2', contentType: 'other', createdAt: START },
    })
    const videos = await videosOfPublications(store.db, WORKSPACE, ['pub_1', 'pub_2'])
    expect(videos).toMatchObject([{ videoId: 'v1', publication: { id: 'pub_1' } }])
    const queued = await weir.request(account)
    expect(queued).toMatchObject({ origin: 'record', status: 'queued' })
  })

  test('takes in content that was discovered before, under the id that it has', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    weir.platform.pages = [{ items: [{ id: 'v1', numbers: numbersOf(3) }] }]
    const { account, refresh } = await weir.connect()
    await weir.run(refresh)
    const { v1 } = await weir.publications(account.id)
    const answer = await weir.commands.recordPost(WORKSPACE, post(publication('v1')))
    expect(answer.kind).toBe('recorded')
    const after = await weir.publications(account.id)
    expect(after).toEqual({ v1: { ...v1, postId: 'post_1' } })
  })

  test('content recorded while a refresh discovers it is one row, not two', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    weir.platform.pages = [{ items: [{ id: 'v1', numbers: numbersOf(3) }] }]
    weir.platform.before = async (call) => {
      if (call === 'list') {
        const recorded = publication('v1', { localId: 'pub_1' })
        await weir.commands.recordPost(WORKSPACE, post(recorded))
      }
    }
    const { account, refresh } = await weir.connect()
    const ended = await weir.run(refresh)
    expect(ended.status).toBe('succeeded')
    const rows = await weir.publications(account.id)
    expect(rows).toMatchObject({ v1: { id: 'pub_1', postId: 'post_1', contentType: 'video' } })
    expect(rows['v1']?.metrics).toMatchObject({ views: 3, videoViews: 3 })
    expect(await videosOfPublications(store.db, WORKSPACE, ['pub_1'])).toHaveLength(1)
  })

  test.each([
    ['publications', post()],
    ['publications.1.platformPostId', post(publication('v1'), publication('v1'))],
    ['publications.0.platformPostId', post(publication(''))],
    ['publications.0.localId', post(publication('v1', { localId: '/' }))],
    ['localId', { ...post(publication('v1')), localId: 'a b' }],
  ])('names %s when that is wrong, and records nothing', async (field, input) => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await weir.connect()
    expect(await weir.commands.recordPost(WORKSPACE, input)).toMatchObject({
      kind: 'invalid',
      field,
    })
    expect(await store.db.selectFrom('post').selectAll().execute()).toEqual([])
  })

  test('refuses what is recorded already, and accounts that there are not', async () => {
    await using store = await openTestStore()
    await using weir = await openRefreshing(store)
    await weir.connect()
    const record = (input: RecordPostInput) => weir.commands.recordPost(WORKSPACE, input)
    await record(post(publication('v1', { localId: 'pub_1' })))
    expect(await record(post(publication('v2')))).toMatchObject({ field: 'localId' })
    const second = (...all: RecordPublicationInput[]) => ({ ...post(...all), localId: 'post_2' })
    expect(await record(second(publication('v2'), publication('v1')))).toMatchObject({
      field: 'publications.1.platformPostId',
    })
    expect(await record(second(publication('v2', { localId: 'pub_1' })))).toMatchObject({
      field: 'publications.0.localId',
    })
    expect(await record(second(publication('v2', { accountId: 'nobody' })))).toEqual({
      kind: 'not_found',
      accountId: 'nobody',
    })
    expect(await store.db.selectFrom('post').selectAll().execute()).toHaveLength(1)
  })
})
