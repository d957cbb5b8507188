import type { Listing } from '../../domain/connector.ts'
import { inParallel, requireNumericId } from '../batches.ts'
import { failureIn } from '../failures.ts'
import { isBeyondCall } from '../graph/errors.ts'
import { isObject, numberOf, valueAt, wordsOf } from '../json.ts'
import { parseJson } from '../json-text.ts'
import { LABEL } from './errors.ts'
import { type StreamPage, withReadings } from './pages.ts'
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

/** How far all lists have been read. A list at its end has no place. */
interface Progress {
  places: Record<StreamName, Place | null>
  /** Whether the platform refused the list of reels. */
  isReelsRefused: boolean
}

const START: Place = { after: null, oldest: null }

/**
 * The newest content of a Page: posts, reels, and videos without a post, each from a list of its
 * own. The first page begins all three, and every further one goes on with the list that reaches
 * least far back. Of reels that are refused as a list, those are left that are among the posts.
 */
export async function listFacebookContent(
  session: Session,
  cursor: string | null,
): Promise<Listing> {
  requireNumericId(LABEL, session.account.account.platformAccountId)
  const { places, isReelsRefused: wasRefused } = progressIn(cursor)
  const names = cursor === null ? NAMES : shortest(places)
  const pages = await inParallel(names, names.length, (name) => {
    return readStream(session, name, places[name] ?? START)
  })
  const next = { ...places }
  for (const [index, name] of names.entries()) {
    next[name] = placeAfter(places[name], pages[index])
  }
  const isReelsRefused =
    wasRefused || pages.some(({ isRefused }, index) => isRefused && names[index] === 'reels')
  const found = pages.flatMap((page) => page.items)
  const shown = found.filter(({ isReelPost }) => isReelsRefused || !isReelPost)
  const items = await withReadings(session, shown)
  const timeOf = ({ content }: (typeof items)[0]) => content.publishedAt?.getTime() ?? 0
  const isAtEnd = NAMES.every((name) => next[name] === null)
  return {
    items: items.toSorted((one, other) => timeOf(other) - timeOf(one)),
    nextCursor: isAtEnd ? null : JSON.stringify({ ...next, isReelsRefused }),
    account: null,
    warnings: pages.flatMap(({ warning }) => warning ?? []),
  }
}

type ReadStream = StreamPage & {
  /** Whether the platform did not give the list. */
  isRefused: boolean
  /** A sentence about what of the list was not given; null when all was. */
  warning: string | null
}

async function readStream(session: Session, name: StreamName, place: Place): Promise<ReadStream> {
  try {
    const page = await STREAMS[name](session, place.after)
    const { unnamed } = page
    const warning = unnamed > 0 ? `Facebook listed ${unnamed} of the ${name} without an id.` : null
    return { ...page, isRefused: false, warning }
  } catch (error) {
    // Without its posts, no Page is read; without another list, the rest is worth it.
    if (name === 'posts' || isBeyondCall(error)) throw error
    const warning = `Facebook did not list the ${name} of the Page: ${failureIn(error).message}`
    return { items: [], unnamed: 0, after: null, oldest: null, isRefused: true, warning }
  }
}

function placeAfter(before: Place | null, page: StreamPage | undefined): Place | null {
  // A list that names the same page again would go on for ever.
  if (page === undefined || page.after === null || page.after === before?.after) return null
  return { after: page.after, oldest: page.oldest ?? before?.oldest ?? null }
}

function shortest(places: Progress['places']): StreamName[] {
  const open = NAMES.filter((name) => places[name] !== null)
  const reachOf = (name: StreamName) => places[name]?.oldest ?? Number.POSITIVE_INFINITY
  return open.toSorted((one, other) => reachOf(other) - reachOf(one) || 0).slice(0, 1)
}

function progressIn(cursor: string | null): Progress {
  if (cursor === null) {
    return { places: { posts: START, reels: START, videos: START }, isReelsRefused: false }
  }
  const json = parseJson(cursor)
  const placeOf = (name: StreamName): Place | null => {
    const place = valueAt(json, name)
    if (!isObject(place)) return null
    return { after: wordsOf(place['after']), oldest: numberOf(place['oldest']) }
  }
  const places = { posts: placeOf('posts'), reels: placeOf('reels'), videos: placeOf('videos') }
  return { places, isReelsRefused: valueAt(json, 'isReelsRefused') === true }
}
