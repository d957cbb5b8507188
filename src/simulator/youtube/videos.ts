import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { jsonAnswer } from '../answer.ts'
import { livingMetrics, wireNumbers } from '../catalogue.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { hashOf } from '../random.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { refusal } from './errors.ts'
import { countTexts, instant, listAnswer, resource, titled, videoThumbnails } from './resources.ts'
import { type DataCall, dataRoute, listOf, numberBetween } from './route.ts'

const IDS_MAX = 50
const PLAYER = { low: 72, high: 8192, usual: 0 }

/** Videos by id. What is deleted, unknown or private to somebody else is left out. */
export const videosRoute = dataRoute({
  path: '/youtube/v3/videos',
  parts: [
    ...['contentDetails', 'id', 'liveStreamingDetails', 'localizations', 'player', 'snippet'],
    ...['statistics', 'status', 'topicDetails'],
  ],
  parameters: ['id', 'maxHeight', 'maxWidth', 'hl'],
  read(admitted) {
    const { call } = admitted
    const ids = [...new Set(listOf(call, 'id'))]
    if (ids.length === 0) throw refusal('missingRequiredParameter')
    if (ids.length > IDS_MAX) throw refusal('invalidFilters')
    const found = ids.flatMap((id) => seenVideo(admitted, id) ?? [])
    const items = found
      .toSorted((a, b) => place(a) - place(b))
      .map((video) => videoObject(admitted, video))
    const total = items.length
    return jsonAnswer(200, listAnswer('video', items, { total, perPage: total }))
  },
})

function seenVideo({ call, caller, simulation }: DataCall, id: string) {
  const { faults, world } = simulation
  const video = world.publication('youtube', id, call.now)
  const fault = faults.take(['gone', 'forbidden'], faultTarget(call, [id]))
  if (video === null || fault !== null || video.account.isSuspended) return null
  const isOwnPrivate = video.isPrivate && video.account === caller
  return isShown({ ...video, isPrivate: video.isPrivate && !isOwnPrivate }, call.now) ? video : null
}

// The order of the answer is not that of the request.
function place({ platformPostId }: SimulatedPublication): number {
  return hashOf(0, 'order', platformPostId)
}

function videoObject(admitted: DataCall, video: SimulatedPublication): JsonObject {
  const { call, parts, simulation } = admitted
  const { account, platformPostId: id } = video
  // A broadcast that has not begun has no length, and nobody has seen it.
  const isUpcoming = simulation.faults.take(['unfinished'], faultTarget(call, [id])) !== null
  return resource('video', id, parts, {
    snippet: {
      publishedAt: instant(video.publishedAt),
      channelId: account.platformAccountId,
      ...titled(video.text),
      thumbnails: videoThumbnails(video),
      channelTitle: account.displayName,
      categoryId: '22',
      liveBroadcastContent: isUpcoming ? 'upcoming' : 'none',
    },
    contentDetails: {
      duration: isUpcoming ? 'P0D' : durationText(video.durationSeconds ?? 0),
      ...{ dimension: '2d', definition: 'hd', caption: 'false', licensedContent: false },
      ...{ contentRating: {}, projection: 'rectangular' },
    },
    status: {
      ...{ uploadStatus: 'processed', privacyStatus: video.isPrivate ? 'private' : 'public' },
      ...{ license: 'youtube', embeddable: true, publicStatsViewable: true, madeForKids: false },
    },
    statistics: isUpcoming ? {} : statistics(admitted, video),
    player: player(admitted, video),
  })
}

function statistics({ call, simulation }: DataCall, video: SimulatedPublication): JsonObject {
  const numbers = publicationNumbersFor(call, video, simulation)
  const group = { platform: 'youtube', subjects: ['post', 'video'], sources: ['videos'] } as const
  // Favourites are no more, and still in every answer.
  return countTexts({ favoriteCount: 0, ...wireNumbers(numbers, livingMetrics(group, call.now)) })
}

// Its size is told only to those who say how large it may be.
function player({ call }: DataCall, video: SimulatedPublication): JsonObject {
  const [maxWidth, maxHeight] = ['maxWidth', 'maxHeight'].map((name) =>
    numberBetween(call, name, PLAYER),
  )
  const src = `//www.youtube.com/embed/${video.platformPostId}`
  const embedHtml = `<iframe src="${src}" frameborder="0" allowfullscreen></iframe>`
  if (!maxWidth && !maxHeight) return { embedHtml }
  const [width, height] = video.contentType === 'short' ? [9, 16] : [16, 9]
  const scale = Math.min(
    (maxWidth || Number.POSITIVE_INFINITY) / width,
    (maxHeight || Number.POSITIVE_INFINITY) / height,
  )
  const size = (side: number) => `${Math.floor(side * scale)}`
  return { embedHtml, embedHeight: size(height), embedWidth: size(width) }
}

function durationText(duration: number): string {
  const seconds = Math.round(duration)
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor)
  const parts = [hours ? `${hours}H` : '', minutes ? `${minutes}M` : '', rest ? `${rest}S` : '']
  const text = parts.join('')
  return text === '' ? 'PT0S' : `PT${text}`
}
