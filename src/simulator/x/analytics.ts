import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { type Answer, RefusedError } from '../answer.ts'
import type { Simulation } from '../simulation.ts'
import { entryOf } from './entries.ts'
import { invalidParameter, notEnrolled } from './errors.ts'
import { notFound, partialAnswer } from './item-errors.ts'
import { videoOfKey } from './media.ts'
import { batchIds, instantOf, listOf } from './parameters.ts'
import { type Admitted, readRoute } from './route.ts'

const HOUR_MS = 3_600_000

const STEP_MS: Record<string, number | null> = {
  hourly: HOUR_MS,
  daily: 24 * HOUR_MS,
  weekly: 7 * 24 * HOUR_MS,
  total: null,
}

/** The analytics' words for numbers that the posts have under other names. */
const POST_FIELDS: Record<string, string> = {
  impressions: 'impression_count',
  likes: 'like_count',
  replies: 'reply_count',
  retweets: 'retweet_count',
  quote_tweets: 'quote_count',
  bookmarks: 'bookmark_count',
  engagements: 'engagements',
  url_clicks: 'url_link_clicks',
  user_profile_clicks: 'user_profile_clicks',
  media_views: 'view_count',
}

const MEDIA_FIELDS: Record<string, string> = {
  video_views: 'view_count',
  playback_start: 'playback_0_count',
  playback25: 'playback_25_count',
  playback50: 'playback_50_count',
  playback75: 'playback_75_count',
  playback_complete: 'playback_100_count',
}

interface Asked {
  /** The name of the parameter that selects fields, and what it may select. */
  selector: string
  fields: Record<string, string>
  granularities: readonly string[]
}

const OF_POSTS: Asked = {
  selector: 'analytics.fields',
  fields: POST_FIELDS,
  granularities: ['hourly', 'daily', 'weekly', 'total'],
}

const OF_MEDIA: Asked = {
  selector: 'media_analytics.fields',
  fields: { ...MEDIA_FIELDS, watch_time_ms: 'watch_time_ms' },
  granularities: ['hourly', 'daily', 'total'],
}

/** Numbers over time, for applications that are let in. */
export const analyticsRoutes = [
  readRoute({
    path: '/2/tweets/analytics',
    parameters: ['ids', 'start_time', 'end_time', 'granularity', OF_POSTS.selector],
    perUser: 300,
    perApp: null,
    read(admitted) {
      const { call, simulation } = admitted
      checkEnrolled(simulation)
      return analyticsAnswer(admitted, OF_POSTS, {
        idName: 'id',
        keys: batchIds(call, simulation),
        find: (id) => ownPublication(admitted, entryOf(id, simulation, call.now)?.publication),
      })
    },
  }),
  readRoute({
    path: '/2/media/analytics',
    parameters: ['media_keys', 'start_time', 'end_time', 'granularity', OF_MEDIA.selector],
    perUser: 300,
    perApp: null,
    read(admitted) {
      const { call, simulation } = admitted
      checkEnrolled(simulation)
      return analyticsAnswer(admitted, OF_MEDIA, {
        idName: 'media_key',
        keys: (call.query.get('media_keys') ?? '').split(','),
        find: (key) => ownPublication(admitted, videoOfKey(key, simulation, call.now)),
      })
    },
  }),
]

function checkEnrolled(simulation: Simulation): void {
  if (simulation.switches.xAnalytics === 'enrolled') return
  throw new RefusedError(notEnrolled(simulation))
}

function ownPublication(
  { caller }: Admitted,
  publication: SimulatedPublication | null | undefined,
) {
  const isOwn = publication?.account.platformAccountId === caller?.platformAccountId
  return isOwn ? (publication ?? null) : null
}

interface Items {
  idName: string
  keys: string[]
  find(key: string): SimulatedPublication | null
}

function analyticsAnswer(admitted: Admitted, asked: Asked, { find, idName, keys }: Items): Answer {
  const { call, simulation } = admitted
  const known = [...Object.keys(asked.fields), 'timestamp', 'timestamped_metrics']
  const selected = listOf(call, simulation, asked.selector, known)
  const buckets = bucketsOf(admitted, asked)
  const data: JsonObject[] = []
  const errors: JsonObject[] = []
  for (const key of keys) {
    const publication = find(key)
    const item = { resource: 'tweet' as const, parameter: `${idName}s`, id: key }
    if (publication === null) errors.push(notFound(simulation, item))
    else {
      const fields = Object.entries(asked.fields).filter(([name]) => selected.has(name))
      const timestamped_metrics = buckets.map(({ from, to }) => ({
        timestamp: from.toISOString().replace('.000Z', 'Z'),
        metrics: growth(admitted, publication, fields, { from, to }),
      }))
      data.push({ [idName]: key, timestamped_metrics })
    }
  }
  return partialAnswer({ data, errors })
}

interface Bucket {
  from: Date
  to: Date
}

function bucketsOf({ call, simulation }: Admitted, { granularities }: Asked): Bucket[] {
  const instant = (name: string) => {
    const at = instantOf(call, simulation, name)
    if (at !== null) return at
    const message = `The \`${name}\` query parameter can not be empty`
    throw invalidParameter(call, simulation, name, message)
  }
  const [from, to] = [instant('start_time'), instant('end_time')]
  const granularity = call.query.get('granularity') ?? 'total'
  listOf(call, simulation, 'granularity', granularities)
  const step = STEP_MS[granularity] ?? null
  if (step === null) return [{ from, to }]
  const count = Math.max(0, Math.ceil((to.getTime() - from.getTime()) / step))
  return Array.from({ length: count }, (_, place) => {
    const start = from.getTime() + place * step
    return { from: new Date(start), to: new Date(Math.min(start + step, to.getTime())) }
  })
}

function growth(
  { simulation }: Admitted,
  publication: SimulatedPublication,
  fields: readonly [string, string][],
  { from, to }: Bucket,
): JsonObject {
  const { switches, world } = simulation
  const numbersAt = (at: Date) => {
    const numbers = world.publicationNumbers(publication, at)
    const watched = (numbers['view_count'] ?? 0) * (publication.durationSeconds ?? 0) * 400
    return { ...numbers, watch_time_ms: Math.floor(watched) } as Record<string, number>
  }
  const [before, after] = [numbersAt(from), numbersAt(to)]
  return Object.fromEntries(
    fields.map(([name, native]) => {
      const count = (after[native] ?? 0) - (before[native] ?? 0)
      const isText = switches.xAnalyticsNumbers === 'strings' && name in MEDIA_FIELDS
      return [name, isText ? `${count}` : count]
    }),
  )
}
