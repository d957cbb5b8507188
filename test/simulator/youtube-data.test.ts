import { describe, expect, test } from 'vitest'
import type { SimulatedPublication } from '../../src/simulator/account.ts'
import {
  at,
  idsAt,
  idsOf,
  listAt,
  NOW,
  type Platforms,
  planFor,
  type Said,
  startPlatforms,
} from './platforms.ts'

const CHANNELS = '/youtube/v3/channels?part=snippet,statistics,contentDetails'
const UPLOADS = 'UUabcdefghijklmnopqrstu1'
const ITEMS = `/youtube/v3/playlistItems?part=snippet,contentDetails,status&playlistId=${UPLOADS}`
const VIDEOS = '/youtube/v3/videos?part=snippet,contentDetails,statistics,status,player'

const reasonOf = (answer: Said) => [answer.status, at(answer, 'error', 'errors', 0, 'reason')]

const OTHER = { platformAccountId: 'UCanother00000000000000a' }

const publicationsOf = ({ world, clock, account }: Platforms): SimulatedPublication[] =>
  world.publications(account(), clock.now)

describe('channels', () => {
  test('are the token’s own or named ones, with counts as texts', async () => {
    await using platforms = await startPlatforms([planFor('youtube', { followers: 1_234_567 })])
    const own = await platforms.ask(`${CHANNELS}&mine=true`)
    expect(own.status).toBe(200)
    expect(at(own, 'items', 0)).toMatchObject({
      id: 'UCabcdefghijklmnopqrstu1',
      snippet: { title: 'acme', customUrl: '@acme' },
      contentDetails: { relatedPlaylists: { uploads: UPLOADS } },
      statistics: { subscriberCount: '1620000', videoCount: '5', hiddenSubscriberCount: false },
    })
    const named = await platforms.ask(`${CHANNELS}&id=UCabcdefghijklmnopqrstu1,UCnobody`)
    expect(idsAt(named, 'items')).toEqual(['UCabcdefghijklmnopqrstu1'])
    expect((await platforms.ask(`${CHANNELS}&id=UCnobody`)).body).not.toHaveProperty('items')
  })

  test('that hide their subscribers say so, and show none', async () => {
    await using platforms = await startPlatforms([
      planFor('youtube', { withheld: ['subscriber_count'] }),
    ])
    const own = await platforms.ask(`${CHANNELS}&mine=true`)
    expect(at(own, 'items', 0, 'statistics')).toMatchObject({
      ...{ subscriberCount: '0', hiddenSubscriberCount: true },
    })
  })
})

describe('uploads', () => {
  test('come newest first, page by page, with a token until the end', async () => {
    await using platforms = await startPlatforms([planFor('youtube', { publications: 7 })])
    const first = await platforms.ask(`${ITEMS}&maxResults=4`)
    const second = await platforms.ask(
      `${ITEMS}&maxResults=4&pageToken=${at(first, 'nextPageToken')}`,
    )
    const ids = [first, second].flatMap((page) =>
      listAt(page, 'items').map((item) => Object(item['contentDetails']).videoId),
    )
    expect(ids).toEqual(idsOf(platforms))
    expect(at(first, 'pageInfo')).toEqual({ totalResults: 7, resultsPerPage: 4 })
    expect(second.body).not.toHaveProperty('nextPageToken')
    expect(listAt(await platforms.ask(ITEMS), 'items')).toHaveLength(5)
  })

  test('show the private ones to their owner only, and nobody the deleted ones', async () => {
    const content = (index: number) =>
      index === 0 ? { isPrivate: true } : index === 1 ? { deletedAt: NOW } : {}
    const other = planFor('youtube', OTHER)
    await using platforms = await startPlatforms([planFor('youtube', { content }), other])
    const statuses = async (place: number) => {
      const answer = await platforms.ask(ITEMS, { as: platforms.account(place) })
      return listAt(answer, 'items').map((item) => Object(item['status']).privacyStatus)
    }
    expect(await statuses(0)).toEqual(['private', 'public', 'public', 'public'])
    expect(await statuses(1)).toEqual(['public', 'public', 'public'])
    const [hidden] = listAt(await platforms.ask(ITEMS), 'items')
    expect(hidden?.['contentDetails']).not.toHaveProperty('videoPublishedAt')
  })

  test('of a channel that has none, or that nobody has, are no playlist', async () => {
    await using platforms = await startPlatforms([planFor('youtube', { publications: 0 })])
    expect(reasonOf(await platforms.ask(ITEMS))).toEqual([404, 'playlistNotFound'])
    const nobody = ITEMS.replace(UPLOADS, 'UUnobody')
    expect(reasonOf(await platforms.ask(nobody))).toEqual([404, 'playlistNotFound'])
  })
})

describe('videos', () => {
  test('have counts as texts, without those that are hidden, closed or not there yet', async () => {
    await using platforms = await startPlatforms([planFor('youtube', { publications: 40 })])
    const [closed, open] = [true, false].map((isClosed) =>
      publicationsOf(platforms).find((one) => one.areCommentsClosed === isClosed),
    )
    const statistics = async (one = open) => {
      const answer = await platforms.ask(`${VIDEOS}&id=${one?.platformPostId}`)
      return at(answer, 'items', 0, 'statistics')
    }
    const text = expect.stringMatching(/^\d+$/)
    const counts = { viewCount: text, likeCount: text, favoriteCount: '0' }
    expect(await statistics()).toEqual({ ...counts, commentCount: text })
    expect(await statistics(closed)).toEqual(counts)
    platforms.simulator.faults.add({ platform: 'youtube', fault: { kind: 'unfinished' } })
    expect(await statistics()).toEqual({})
  })

  test('have a length, and a shape where a size is asked for', async () => {
    const content = (index: number) => ({ kind: index === 0 ? 'image' : 'video' }) as const
    await using platforms = await startPlatforms([planFor('youtube', { content })])
    const [short, video] = publicationsOf(platforms)
    const look = async (id: string | undefined, more = '&maxWidth=720&maxHeight=720') =>
      at(await platforms.ask(`${VIDEOS}&id=${id}${more}`), 'items', 0)
    expect([short?.contentType, video?.contentType]).toEqual(['short', 'video'])
    expect(await look(short?.platformPostId)).toMatchObject({
      contentDetails: { duration: expect.stringMatching(/^PT(\d+M)?(\d+S)?$/) },
      player: { embedWidth: '405', embedHeight: '720' },
    })
    expect(await look(video?.platformPostId)).toMatchObject({
      player: { embedWidth: '720', embedHeight: '405' },
    })
    expect(Object(await look(video?.platformPostId, '')).player).not.toHaveProperty('embedWidth')
  })

  test('that are deleted, unknown or another’s private ones are left out', async () => {
    const content = (index: number) =>
      index === 0 ? { isPrivate: true } : index === 1 ? { deletedAt: NOW } : {}
    const other = planFor('youtube', OTHER)
    await using platforms = await startPlatforms([planFor('youtube', { content }), other])
    const ids = idsOf(platforms)
    const seen = async (place: number) =>
      idsAt(
        await platforms.ask(`${VIDEOS}&id=${ids},AAAAAAAAAAA`, { as: platforms.account(place) }),
        'items',
      ).sort()
    const [hidden = '', , ...shown] = ids
    expect(await seen(0)).toEqual([hidden, ...shown].sort())
    expect(await seen(1)).toEqual(shown.toSorted())
  })
})

test.each([
  ['no part', '/youtube/v3/channels?mine=true', 'missingRequiredParameter'],
  ['an unknown part', '/youtube/v3/channels?part=insights&mine=true', 'unknownPart'],
  ['an unknown parameter', `${CHANNELS}&mine=true&page=2`, 'badRequest'],
  ['no filter', '/youtube/v3/channels?part=id', 'missingRequiredParameter'],
  ['51 ids', `${VIDEOS}&id=${Array.from({ length: 51 }, (_, n) => `id${n}`)}`, 'invalidFilters'],
  ['a page too large', `${ITEMS}&maxResults=51`, 'invalidParameter'],
  ['a page that is none', `${ITEMS}&pageToken=EAAa`, 'invalidPageToken'],
])('a call with %s is refused', async (_name, path, reason) => {
  await using platforms = await startPlatforms([planFor('youtube')])
  expect(reasonOf(await platforms.ask(path))).toEqual([400, reason])
})
