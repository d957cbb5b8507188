import type {
  Content,
  Failure,
  PublicationOutcome,
  PublicationRef,
  Reading,
} from '../../domain/connector.ts'
import { isVideoContent } from '../../domain/content.ts'
import { failAlike, requireNumericId } from '../batches.ts'
import { unanswered } from '../failures.ts'
import { contentMetrics, dayOf, mergeNumbers, notShown } from '../numbers.ts'
import { toContent } from './content.ts'
import { LABEL } from './errors.ts'
import type { Listed } from './listing.ts'
import { type Found, lookUpPosts } from './lookup.ts'
import type { LinkedinSession } from './request.ts'
import { postKindOf } from './restli.ts'
import { type FindStrangers, readShareStatistics } from './statistics.ts'
import { readVideos, type VideoAnalytics } from './videos.ts'

/** What one reading of posts has learned of the posts themselves. */
interface Lookup {
  session: LinkedinSession
  found: Map<string, Found>
}

/**
 * Posts by id with their numbers. The statistics say nothing of posts without activity, so those
 * that no listing of this run showed are looked up, as are those whose kind nobody knows.
 */
export async function readLinkedinPosts(
  session: LinkedinSession,
  listed: Listed,
  refs: readonly PublicationRef[],
): Promise<PublicationOutcome[]> {
  requireNumericId(LABEL, session.account.account.platformAccountId)
  const unique = [...new Map(refs.map((ref) => [ref.platformPostId, ref])).values()]
  const good = unique.filter(({ platformPostId: id }) => postKindOf(id) !== null)
  const bad = unique.filter(({ platformPostId: id }) => postKindOf(id) === null)
  const lookup = { session, found: new Map<string, Found>() }
  const isListed = (id: string) => listed.has(session.context, id)
  await lookUp(
    lookup,
    good.filter((ref) => ref.contentType === 'other' && !isListed(ref.platformPostId)),
  )
  const present = good.filter(({ platformPostId: id }) => goneIn(lookup, id) === null)
  const { outcomes, silent } = await readShareStatistics(session, present, strangersIn(lookup))
  await lookUp(
    lookup,
    present.filter(({ platformPostId: id }) => silent.has(id) && !isListed(id)),
  )
  const told = outcomes.map((outcome) => {
    // Of a post that LinkedIn is silent about, only the look-up can say that it is there.
    const isSilent = silent.has(outcome.platformPostId)
    return withContent(lookup, outcome, isSilent ? failureFound : goneIn)
  })
  const gone = good.filter((ref) => !present.includes(ref))
  return [
    ...failAlike(bad, unanswered('gone', `${LABEL} has no posts with an id like this one.`)),
    ...gone.flatMap(({ platformPostId }) => {
      const failure = goneIn(lookup, platformPostId)
      return failure === null ? [] : [{ platformPostId, failure }]
    }),
    ...(await withVideos(lookup, told, present)),
  ]
}

/** Looks up posts that are not known yet. Throws on a bad token. */
async function lookUp({ session, found }: Lookup, refs: readonly PublicationRef[]): Promise<void> {
  const ids = refs.map((ref) => ref.platformPostId).filter((id) => !found.has(id))
  for (const [id, one] of await lookUpPosts(session, ids)) found.set(id, one)
}

function failureFound({ found }: Lookup, id: string): Failure | null {
  const one = found.get(id)
  return one !== undefined && 'failure' in one ? one.failure : null
}

function goneIn(lookup: Lookup, id: string): Failure | null {
  const failure = failureFound(lookup, id)
  return failure?.kind === 'gone' ? failure : null
}

/** Once a batch was refused although all of its posts are the page's, no other is looked into. */
function strangersIn(lookup: Lookup): FindStrangers {
  let isPageRefused = false
  return async (batch) => {
    if (isPageRefused) return null
    await lookUp(lookup, batch)
    const strangers = batch.flatMap(({ platformPostId }) => {
      const failure = goneIn(lookup, platformPostId)
      return failure === null ? [] : [[platformPostId, { platformPostId, failure }] as const]
    })
    isPageRefused = strangers.length === 0
    return new Map(strangers)
  }
}

function withContent(
  lookup: Lookup,
  outcome: PublicationOutcome,
  failureOf: typeof goneIn,
): PublicationOutcome {
  const { platformPostId } = outcome
  const failure = failureOf(lookup, platformPostId)
  if (failure !== null) return { platformPostId, failure }
  if (!('reading' in outcome)) return outcome
  return { platformPostId, reading: { ...outcome.reading, content: contentIn(lookup, outcome) } }
}

function contentIn({ found }: Lookup, { platformPostId: id }: PublicationOutcome): Content | null {
  const one = found.get(id)
  return one !== undefined && 'post' in one ? toContent(id, one.post) : null
}

/** Adds the numbers of videos to those of their posts, or takes their place where those are hidden. */
async function withVideos(
  lookup: Lookup,
  outcomes: readonly PublicationOutcome[],
  refs: readonly PublicationRef[],
): Promise<PublicationOutcome[]> {
  const types = new Map(refs.map((ref) => [ref.platformPostId, ref.contentType]))
  const isVideo = (outcome: PublicationOutcome) => {
    const known = types.get(outcome.platformPostId) ?? 'other'
    const type = known === 'other' ? contentIn(lookup, outcome)?.contentType : known
    return type !== undefined && isVideoContent(type) && isReadable(outcome)
  }
  const urns = outcomes.filter(isVideo).map(({ platformPostId }) => platformPostId)
  const analytics = await readVideos(lookup.session, urns)
  return outcomes.map((outcome) => {
    const video = analytics.get(outcome.platformPostId)
    return video === undefined ? outcome : withVideo(lookup, outcome, video)
  })
}

function isReadable(outcome: PublicationOutcome): boolean {
  return 'reading' in outcome || outcome.failure.kind === 'missing_scope'
}

function withVideo(
  lookup: Lookup,
  outcome: PublicationOutcome,
  video: VideoAnalytics,
): PublicationOutcome {
  const isTold = Object.keys(video.numbers.native).length > 0
  const { platformPostId } = outcome
  const { unread } = video
  if ('failure' in outcome && !isTold) {
    return unread === undefined ? outcome : { platformPostId, failure: unread }
  }
  const reading =
    'reading' in outcome
      ? outcome.reading
      : {
          ...hidden(outcome.failure, lookup.session.context.now),
          content: contentIn(lookup, outcome),
        }
  const numbers = mergeNumbers(reading, video.numbers)
  const payload = Object.assign({}, reading.payload, { videoAnalytics: video.payload })
  const rest = unread === undefined ? {} : { unread }
  return { platformPostId, reading: { ...reading, ...numbers, payload, ...rest } }
}

function hidden({ message }: Failure, now: Date): Reading {
  const sources = ['organizationalEntityShareStatistics']
  const names = contentMetrics('linkedin', 'text', sources, dayOf(now)).map(({ name }) => name)
  return {
    native: {},
    missing: Object.fromEntries(names.map((name) => [name, 'missing_scope' as const])),
    warnings: [notShown('linkedin', names, message)],
    payload: {},
  }
}
