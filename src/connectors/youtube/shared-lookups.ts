import { setTimeout as wait } from 'node:timers/promises'
import { ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { identifiedAt } from '../json.ts'
import { PLAYER_SIZE } from './content.ts'
import { countedIn, withItems } from './items.ts'
import type { YoutubeSession } from './request.ts'

/** The most ids of one call. */
export const IDS_MAX = 50

// How long a call waits for others to go along: accounts of one batch come within this time.
const WAIT_MS = 10

/** Videos as YouTube answers for ids. */
export interface VideosAnswer {
  videos: { id: string; object: JsonObject }[]
  /** Whether the answer named all that it holds: what it leaves out is then not shown. */
  isWhole: boolean
}

/** Look-ups of videos, which accounts of one workspace share. */
export interface SharedLookups {
  /**
   * The videos of at most 50 ids. What others of the workspace ask for at the same time goes along
   * in one call, with the token of who came first, whose call it is. Throws what the call failed
   * with.
   */
  videos(session: YoutubeSession, ids: readonly string[]): Promise<VideosAnswer>
}

interface Ride {
  /** Who makes the call. */
  driver: YoutubeSession
  ids: Set<string>
  answer: Promise<VideosAnswer>
}

/** Look-ups that nobody waits for yet. */
export function createSharedLookups(): SharedLookups {
  const waiting = new Map<string, Ride>()
  const depart = async (driver: YoutubeSession, ids: Set<string>): Promise<VideosAnswer> => {
    await wait(WAIT_MS)
    const { workspaceId } = driver.account.account
    if (waiting.get(workspaceId)?.driver === driver) waiting.delete(workspaceId)
    return askForVideos(driver, [...ids])
  }
  const rideFor = (session: YoutubeSession, ids: readonly string[]): Ride => {
    const { workspaceId } = session.account.account
    const ride = waiting.get(workspaceId)
    if (ride && ride.ids.size + ids.length <= IDS_MAX) {
      for (const id of ids) ride.ids.add(id)
      return ride
    }
    const all = new Set(ids)
    const next = { driver: session, ids: all, answer: depart(session, all) }
    waiting.set(workspaceId, next)
    return next
  }
  return {
    async videos(session, ids) {
      if (ids.length >= IDS_MAX) return askForVideos(session, ids)
      const ride = rideFor(session, ids)
      const isDriver = ride.driver === session
      const answer = await ride.answer.catch((error: unknown) => {
        const isAlone = isDriver && (ride.ids.size === ids.length || isOfToken(error))
        if (isAlone || isCommon(ride, error)) throw error
        return null
      })
      if (answer === null) return askForVideos(session, ids)
      return isDriver ? answer : withOwn(session, ids, answer)
    },
  }
}

/** Whether a failure would meet each of those who share the call, so that nobody asks again. */
function isCommon({ driver }: Ride, error: unknown): boolean {
  if (driver.context.signal.aborted || !(error instanceof ConnectorError)) return false
  return ['rate_limited', 'unavailable'].includes(error.failure.kind)
}

function isOfToken(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return false
  return ['unauthorized', 'missing_scope'].includes(error.failure.kind)
}

// What is private is shown to its owner alone, so an answer to somebody else says nothing of it.
async function withOwn(
  session: YoutubeSession,
  ids: readonly string[],
  { videos }: VideosAnswer,
): Promise<VideosAnswer> {
  const own = videos.filter(({ id }) => ids.includes(id))
  const leftOut = ids.filter((id) => !own.some((video) => video.id === id))
  if (leftOut.length === 0) return { videos: own, isWhole: true }
  const rest = await askForVideos(session, leftOut)
  return { videos: [...own, ...rest.videos], isWhole: rest.isWhole }
}

function askForVideos(session: YoutubeSession, ids: readonly string[]): Promise<VideosAnswer> {
  const { api, account, context } = session
  const part = 'snippet,contentDetails,statistics,status,player'
  const params = { part, id: ids.join(','), ...PLAYER_SIZE }
  const query = { api: 'data', path: '/youtube/v3/videos', params } as const
  return api.ask(query, account, context, readVideos)
}

function readVideos(body: JsonValue): VideosAnswer {
  const { items, unnamed } = identifiedAt(withItems(body), 'items')
  return { videos: items, isWhole: unnamed === 0 && countedIn(body) <= items.length }
}
