import { expect, test } from 'vitest'
import type { ConnectedAccount, PublicationOutcome } from '../../src/domain/connector.ts'
import { accountOn, openUpstream, type Reply, type Request, refTo } from './support.ts'
import { ytError, ytTable, ytVideo, ytVideos } from './youtube-world.ts'

const CHANNELS = Array.from({ length: 10 }, (_, index) => `${index}`)

const channelId = (name: string) => `UC${name.padStart(22, '0')}`
const idsOf = (name: string) => [1, 2, 3, 4, 5].map((each) => `video-${name}-${each}`)
const tokenOf = ({ headers }: Request) => headers['authorization']?.replace('Bearer token-', '')
const isOfVideos = ({ url }: Request) => url.pathname === '/youtube/v3/videos'

function accountOf(name: string, workspaceId = 'w'): ConnectedAccount {
  const account = accountOn('youtube', {
    workspaceId,
    id: name,
    platformAccountId: channelId(name),
  })
  return { ...account, accessToken: `token-${name}` }
}

/** A video that has as many views as its channel's name says. */
function videoOf(id: string) {
  const name = id.split('-')[1] ?? ''
  const { snippet, statistics } = ytVideo(id)
  return ytVideo(id, {
    snippet: { ...snippet, channelId: channelId(name) },
    statistics: { ...statistics, viewCount: `${100 + Number(name)}` },
  })
}

function openShared(videos: (ids: string[], request: Request) => Reply) {
  return openUpstream('youtube', (request) => {
    if (!isOfVideos(request)) return ytTable(['video', 'views'])
    return videos(request.url.searchParams.get('id')?.split(',') ?? [], request)
  })
}

/** Reads the videos of all channels at once; null: the call failed. */
function readAll(
  { connector, context }: ReturnType<typeof openShared>,
  accounts: readonly ConnectedAccount[],
): Promise<(PublicationOutcome[] | null)[]> {
  return Promise.all(
    accounts.map((account) => {
      const refs = idsOf(account.account.id).map((id) => refTo(id))
      return connector.readPublications(account, refs, { ...context }).catch(() => null)
    }),
  )
}

const viewsIn = (outcomes: PublicationOutcome[] | null | undefined) =>
  outcomes?.map((outcome) => ('reading' in outcome ? outcome.reading.native['view_count'] : null))

test('ten channels of a workspace with five videos each cost one call together', async () => {
  const upstream = openShared((ids) => ytVideos(...ids.map(videoOf)))
  const read = await readAll(
    upstream,
    CHANNELS.map((name) => accountOf(name)),
  )
  const calls = upstream.requests.filter(isOfVideos)
  expect(calls.map(({ url }) => url.searchParams.get('id')?.split(',').length)).toEqual([50])
  for (const [index, outcomes] of read.entries()) {
    expect(viewsIn(outcomes)).toEqual(Array(5).fill(100 + index))
    expect(outcomes?.map(({ platformPostId }) => platformPostId)).toEqual(idsOf(`${index}`))
  }
  expect(upstream.budgets.filter(({ units }) => units === 1)).toHaveLength(1)
})

test('a revoked token takes no channel with it but its own', async () => {
  const upstream = openShared((ids, request) =>
    tokenOf(request) === '0' ? ytError(401, 'authError') : ytVideos(...ids.map(videoOf)),
  )
  const [revoked, ...others] = await readAll(
    upstream,
    CHANNELS.map((name) => accountOf(name)),
  )
  expect(revoked).toBeNull()
  for (const [index, outcomes] of others.entries()) {
    expect(viewsIn(outcomes)).toEqual(Array(5).fill(101 + index))
  }
  expect(upstream.requests.filter(isOfVideos)).toHaveLength(10)
})

test('a call that is refused for what somebody else asked is made again by each', async () => {
  const upstream = openShared((ids) =>
    ids.includes('video-3-1') ? ytError(400, 'invalidFilters') : ytVideos(...ids.map(videoOf)),
  )
  const read = await readAll(
    upstream,
    CHANNELS.map((name) => accountOf(name)),
  )
  expect(read.map((outcomes) => outcomes === null)).toEqual(CHANNELS.map((name) => name === '3'))
})

test('a private video, which only its own token sees, is asked for with that', async () => {
  const upstream = openShared((ids, request) =>
    ytVideos(...ids.filter((id) => id !== 'video-1-2' || tokenOf(request) === '1').map(videoOf)),
  )
  const [, second] = await readAll(
    upstream,
    ['0', '1'].map((name) => accountOf(name)),
  )
  expect(viewsIn(second)).toEqual(Array(5).fill(101))
  const asked = upstream.requests.filter(isOfVideos)
  expect(asked.map(tokenOf)).toEqual(['0', '1'])
  expect(asked[1]?.url.searchParams.get('id')).toBe('video-1-2')
})

test('accounts of two workspaces never share a token', async () => {
  const upstream = openShared((ids) => ytVideos(...ids.map(videoOf)))
  await readAll(upstream, [accountOf('0', 'one'), accountOf('1', 'two'), accountOf('2', 'one')])
  const asked = upstream.requests.filter(isOfVideos)
  expect(asked.map(tokenOf).sort()).toEqual(['0', '1'])
  expect(asked.map(({ url }) => url.searchParams.get('id')?.split(',').length).sort()).toEqual([
    10, 5,
  ])
})
