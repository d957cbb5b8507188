import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { type Answer, jsonAnswer, RefusedError } from '../answer.ts'
import { partOf } from '../growth.ts'
import { pick } from '../numbers.ts'
import type { Call, Refusal, Route, Simulation } from '../simulation.ts'
import { isShown } from '../world.ts'
import { logId } from './errors.ts'

const DAY_MS = 86_400_000
const PAGE_MAX = 20
const SPAN_DAYS_MAX = 60

const ACCOUNT_FIELDS: Record<string, string> = {
  followers_count: 'follower_count',
  following_count: 'following_count',
  total_likes: 'likes_count',
  videos_count: 'video_count',
}

const DAILY_FIELDS = ['video_views', 'profile_views', 'likes', 'comments', 'shares']

const VIDEO_FIELDS: Record<string, string> = {
  likes: 'like_count',
  comments: 'comment_count',
  shares: 'share_count',
  favorites: 'bookmark_count',
  video_views: 'view_count',
}

/** The Accounts API for businesses. Its errors come with status 200 and a code. */
export const businessRoutes: Route[] = [
  { method: 'GET', path: '/open_api/v1.3/business/get/', handle: accountAnswer },
  { method: 'GET', path: '/open_api/v1.3/business/video/list/', handle: videosAnswer },
]

/** An error of this API. */
export function businessError(call: Call, code: number, message: string): Answer {
  return jsonAnswer(200, { code, message, request_id: logId(call), data: {} })
}

/** A scripted fault in this API's words. */
export function refuseBusiness(fault: Refusal, call: Call): Answer {
  switch (fault.kind) {
    case 'unavailable':
      return businessError(call, 50_000, 'System error')
    case 'rate_limited':
      return businessError(call, 40_100, 'Requests made too frequently')
    case 'refused':
      return businessError(call, 40_001, fault.reason)
    default:
      return businessError(call, 40_105, 'Access token is incorrect or has been revoked.')
  }
}

function accountAnswer(call: Call, simulation: Simulation): Answer {
  const account = callerOf(call, simulation, 'user.insights')
  const fields = listOf(call, 'fields')
  const numbers = simulation.world.accountNumbers(account, settledAt(call.now))
  const profile = { username: account.handle, display_name: account.displayName }
  const totals = renamed(numbers, ACCOUNT_FIELDS)
  const all: JsonObject = { ...profile, profile_image: account.avatarUrl, ...totals }
  const shown = Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)))
  const daily = DAILY_FIELDS.filter((name) => fields.includes(name))
  return good(call, { ...shown, metrics: daysOf(call).map((day) => dayOf(account, day, daily)) })
}

function daysOf(call: Call): Date[] {
  const [from, to] = ['start_date', 'end_date'].map((name) => {
    return new Date(`${call.query.get(name) ?? ''}T00:00:00Z`).getTime()
  })
  if (from === undefined || to === undefined || Number.isNaN(from + to)) return []
  const count = Math.floor((to - from) / DAY_MS) + 1
  if (count > SPAN_DAYS_MAX)
    throw wrong(call, `The date span is longer than ${SPAN_DAYS_MAX} days.`)
  return Array.from(
    { length: Math.max(0, count) },
    (_, day) => new Date(from + day * DAY_MS),
  ).filter((day) => day.getTime() + DAY_MS <= settledAt(call.now).getTime())
}

function dayOf(account: SimulatedAccount, day: Date, names: readonly string[]): JsonObject {
  const views = Math.floor(account.views * (1 + (day.getUTCDate() % 7) / 10))
  const rates: Record<string, number> = {
    video_views: 1,
    profile_views: 0.02,
    likes: 0.06,
    comments: 0.002,
    shares: 0.004,
  }
  const numbers = names.map((name) => [name, partOf(views, rates[name] ?? 0)])
  return { date: day.toISOString().slice(0, 10), ...Object.fromEntries(numbers) }
}

function videosAnswer(call: Call, simulation: Simulation): Answer {
  const account = callerOf(call, simulation, 'video.insights')
  const fields = listOf(call, 'fields')
  if (!fields.includes('item_id')) throw wrong(call, 'fields: item_id is required.')
  const wanted = new Set(listOf(call, 'filters', 'video_ids'))
  const before = Number(call.query.get('cursor') ?? call.now.getTime() + 1)
  const max = Number(call.query.get('max_count') ?? 10)
  if (!(max >= 1 && max <= PAGE_MAX)) throw wrong(call, `max_count: 1 to ${PAGE_MAX}.`)
  const older = simulation.world
    .publications(account, call.now)
    .filter((video) => isShown(video, call.now) && video.publishedAt.getTime() < before)
    .filter((video) => wanted.size === 0 || wanted.has(video.platformPostId))
  const page = older.slice(0, max)
  return good(call, {
    videos: page.map((video) => videoObject(call, simulation, video, fields)),
    cursor: page.at(-1)?.publishedAt.getTime() ?? before,
    has_more: older.length > page.length,
  })
}

function videoObject(
  call: Call,
  { world }: Simulation,
  video: SimulatedPublication,
  fields: readonly string[],
): JsonObject {
  const at = lastMoved(video, settledAt(call.now))
  const numbers = world.publicationNumbers(video, at)
  const weekBefore = world.publicationNumbers(video, new Date(at.getTime() - 7 * DAY_MS))
  const views = numbers['view_count'] ?? 0
  const watched = views * (video.durationSeconds ?? 0) * 0.4
  // After a week without a view the platform no longer says who watched, and for how long.
  const isIdle = views === weekBefore['view_count']
  const insight = {
    reach: partOf(views, 0.78),
    total_time_watched: Math.round(watched * 10) / 10,
    average_time_watched: views === 0 ? 0 : Math.round((watched / views) * 100) / 100,
    full_video_watched_rate: 0.31,
  }
  const all: JsonObject = {
    item_id: video.platformPostId,
    create_time: `${Math.floor(video.publishedAt.getTime() / 1000)}`,
    caption: video.text,
    media_type: video.contentType === 'carousel' ? 'PHOTO' : 'VIDEO',
    video_duration: video.durationSeconds ?? 0,
    thumbnail_url: video.thumbnailUrl,
    share_url: video.url,
    ...renamed(numbers, VIDEO_FIELDS),
    ...(isIdle ? {} : insight),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)))
}

// Values are those of complete UTC days, at least a day late.
function settledAt(now: Date): Date {
  return new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - DAY_MS)
}

function lastMoved({ publishedAt }: SimulatedPublication, at: Date): Date {
  return new Date(Math.min(at.getTime(), publishedAt.getTime() + 365 * DAY_MS))
}

function callerOf(call: Call, { tokens, world }: Simulation, scope: string): SimulatedAccount {
  const token = call.headers['access-token']
  const claims = typeof token === 'string' ? tokens.readLive(token, ['access'], call.now) : null
  const account = claims === null ? null : world.account('tiktok', claims.accountId)
  if (claims === null || account === null) {
    throw new RefusedError(businessError(call, 40_105, 'Access token is incorrect.'))
  }
  const isOwn = call.query.get('business_id') === account.platformAccountId
  if (!isOwn || !claims.scopes.includes(scope)) {
    throw new RefusedError(businessError(call, 40_001, 'No permission.'))
  }
  return account
}

function good(call: Call, data: JsonValue): Answer {
  return jsonAnswer(200, { code: 0, message: 'OK', request_id: logId(call), data })
}

function wrong(call: Call, message: string): RefusedError {
  return new RefusedError(businessError(call, 40_002, message))
}

function renamed(numbers: Record<string, number>, names: Record<string, string>) {
  const known = pick(numbers, Object.values(names))
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, native]) =>
      known[native] === undefined ? [] : [[name, known[native]]],
    ),
  )
}

// Lists are JSON inside the query; `inside` names the key of an object that holds the list.
function listOf(call: Call, name: string, inside?: string): string[] {
  const given = call.query.get(name)
  if (given === null) return []
  try {
    const parsed: unknown = JSON.parse(given)
    const list = inside === undefined ? parsed : Object(parsed)[inside]
    if (Array.isArray(list)) return list.map(String)
  } catch {
    throw wrong(call, `${name}: not valid JSON.`)
  }
  throw wrong(call, `${name}: not a list.`)
}
