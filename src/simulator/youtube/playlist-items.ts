import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { jsonAnswer } from '../answer.ts'
import { hashOf } from '../random.ts'
import { type Call, faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { refusal } from './errors.ts'
import { instant, listAnswer, resource, titled, uploadsOf, videoThumbnails } from './resources.ts'
import { type DataCall, dataRoute, numberBetween } from './route.ts'

/** The uploads of a channel, newest first. Its owner sees the private ones among them. */
export const playlistItemsRoute = dataRoute({
  path: '/youtube/v3/playlistItems',
  parts: ['contentDetails', 'id', 'snippet', 'status'],
  parameters: ['playlistId', 'maxResults', 'pageToken'],
  read(admitted) {
    const { call } = admitted
    const perPage = numberBetween(call, 'maxResults', { low: 0, high: 50, usual: 5 })
    const channel = channelOf(admitted)
    const uploads = uploadsSeen(admitted, channel)
    // A channel without uploads has no such playlist.
    if (uploads.length === 0) throw refusal('playlistNotFound')
    const start = startOf(call, uploads)
    const page = uploads.slice(start, start + pageSize(admitted, channel, { start, perPage }))
    const last = page.at(-1)
    const isEnd = last === undefined || start + page.length >= uploads.length
    const next = isEnd ? null : tokenAfter(last)
    const items = page.map((video, place) => itemObject(admitted, video, start + place))
    return jsonAnswer(
      200,
      listAnswer('playlistItem', items, { total: uploads.length, perPage, next }),
    )
  },
})

function channelOf({ call, simulation }: DataCall): SimulatedAccount {
  const playlistId = call.query.get('playlistId')
  if (playlistId === null) throw refusal('missingRequiredParameter')
  const { accounts } = simulation.world
  const owner = accounts.find((one) => one.platform === 'youtube' && uploadsOf(one) === playlistId)
  if (owner === undefined || owner.isSuspended) throw refusal('playlistNotFound')
  return owner
}

function uploadsSeen({ call, caller, simulation }: DataCall, channel: SimulatedAccount) {
  const target = faultTarget(call, [channel.platformAccountId])
  if (simulation.faults.take(['empty_page'], target) !== null) return []
  return simulation.world
    .publications(channel, call.now)
    .filter((video) => isShown(video, call.now) || (isKept(video, call.now) && channel === caller))
}

function isKept({ deletedAt }: SimulatedPublication, now: Date): boolean {
  return deletedAt === null || deletedAt.getTime() > now.getTime()
}

// Uploads that are still being processed take a place on a page without being shown on it.
function pageSize(
  { call }: DataCall,
  channel: SimulatedAccount,
  { start, perPage }: { start: number; perPage: number },
): number {
  const token = call.query.get('pageToken') ?? ''
  const isShort = channel.hasShortPages && perPage > 3 && hashOf(0, token, start) % 2 === 0
  return isShort ? perPage - 2 : perPage
}

// A token holds its place by the upload that came before it, so that new uploads move nothing.
function tokenAfter({ publishedAt }: SimulatedPublication): string {
  return Buffer.from(`PT:${publishedAt.getTime()}`).toString('base64url')
}

function startOf(call: Call, uploads: readonly SimulatedPublication[]): number {
  const token = call.query.get('pageToken')
  if (token === null) return 0
  const after = /^PT:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (after === undefined) throw refusal('invalidPageToken')
  const start = uploads.findIndex(({ publishedAt }) => publishedAt.getTime() < Number(after))
  return start < 0 ? uploads.length : start
}

function itemObject(
  { parts }: DataCall,
  video: SimulatedPublication,
  position: number,
): JsonObject {
  const { account, isPrivate, platformPostId: videoId } = video
  const { displayName, platformAccountId } = account
  const publishedAt = instant(video.publishedAt)
  const id = Buffer.from(`${uploadsOf(account)}.${videoId}`).toString('base64url')
  return resource('playlistItem', id, parts, {
    snippet: {
      // When it was put into the playlist, which is when its upload ended.
      publishedAt: instant(new Date(video.publishedAt.getTime() - 60_000)),
      channelId: platformAccountId,
      ...titled(video.text),
      thumbnails: videoThumbnails(video),
      channelTitle: displayName,
      playlistId: uploadsOf(account),
      position,
      resourceId: { kind: 'youtube#video', videoId },
    },
    contentDetails: { videoId, ...(isPrivate ? {} : { videoPublishedAt: publishedAt }) },
    status: { privacyStatus: isPrivate ? 'private' : 'public' },
  })
}
