import type { Listing } from '../../domain/connector.ts'
import { inParallel, requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { isObject, numberOf, valueAt, wordsOf } from '../json.ts'
import { parseJson } from '../json-text.ts'
import { LABEL } from './errors.ts'
import type { StreamPage } from './pages.ts'
import { postsPage } from './posts.ts'
import type { Session } from './session.ts'
import { reelsPage, videosPage } from './videos.ts'

/** The lists that together hold all that a Page has published. */
const STREAMS = { posts: postsPage, reels: reelsPage, videos: videosPage }

type StreamName = keyof typeof STREAMS

const NAMES = Object.keys(STREAMS) as StreamName[]

/** How far a list has been read. */
interface Place {
  after: string | null
  /** When the oldest publication so far was published, in Unix milliseconds; null: unknown. */
  oldest: number | null
}

/** Null for a list that is at its end. */
type Places = Record<StreamName, Place | null>

const START: Place = { after: null, oldest: null }

/**
 * The newest content of a Page: posts, reels, and videos without a post, each from a list of its
 * own. The first page begins all three, and every further one goes on with the list that reaches
 * least far back.
 */
export async function listFacebookContent(
  session: Session,
  cursor: string | null,
): Promise<Listing> {
  requireNumericId(LABEL, session.account.account.platformAccountId)
  const places = cursor === null ? { posts: START, reels: START, videos: START } : placesIn(cursor)
  const names = cursor === null ? NAMES : shortest(places)
  const pages = await inParallel(names, names.length, (name) => {
    return readStream(session, name, places[name] ?? START)
  })
  const next = { ...places }
  for (const [index, name] of names.entries()) {
    next[name] = placeAfter(places[name], pages[index])
  }
  const items = pages.flatMap((page) => page.items)
  const timeOf = ({ content }: (typeof items)[0]) => content.publishedAt?.getTime() ?? 0
  const isAtEnd = NAMES.every((name) => next[name] === null)
  return {
    items: items.toSorted((one, other) => timeOf(other) - timeOf(one)),
    nextCursor: isAtEnd ? null : JSON.stringify(next),
    account: null,
  }
}

/** Failures that leave the other lists worth reading. Without its posts, no Page is read. */
const OF_ONE_LIST = ['gone', 'unsupported', 'missing_scope', 'misconfigured']

async function readStream(session: Session, name: StreamName, place: Place): Promise<StreamPage> {
  try {
    return await STREAMS[name](session, place.after)
  } catch (error) {
    if (name === 'posts' || !OF_ONE_LIST.includes(failureIn(error).kind)) throw error
    return { items: [], after: null, oldest: null }
  }
}

function placeAfter(before: Place | null, page: StreamPage | undefined): Place | null {
  // A list that names the same page again would go on for ever.
  if (page === undefined || page.after === null || page.after === before?.after) return null
  return { after: page.after, oldest: page.oldest ?? before?.oldest ?? null }
}

function shortest(places: Places): StreamName[] {
  const open = NAMES.filter((name) => places[name] !== null)
  const reachOf = (name: StreamName) => places[name]?.oldest ?? Number.POSITIVE_INFINITY
  return open.toSorted((one, other) => reachOf(other) - reachOf(one) || 0).slice(0, 1)
}

function placesIn(cursor: string): Places {
  const json = parseJson(cursor)
  const placeOf = (name: StreamName): Place | null => {
    const place = valueAt(json, name)
    if (!isObject(place)) return null
    return { after: wordsOf(place['after']), oldest: numberOf(place['oldest']) }
  }
  return { posts: placeOf('posts'), reels: placeOf('reels'), videos: placeOf('videos') }
}
