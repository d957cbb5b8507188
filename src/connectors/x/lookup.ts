import {
  type CallContext,
  type ConnectedAccount,
  ConnectorError,
  type Failure,
  type PublicationOutcome,
  type PublicationRef,
} from '../../domain/connector.ts'
import { failAlike, inBatches, readBatches, sortedOut } from '../batches.ts'
import { failureIn, unanswered } from '../failures.ts'
import { identifiedAt } from '../json.ts'
import { dayOf } from '../numbers.ts'
import { isFieldProblem, LABEL, problemsIn } from './errors.ts'
import { postParams, privateSince } from './fields.ts'
import { postsIn, toReading } from './posts.ts'
import type { XApi } from './request.ts'

const BATCH_SIZE = 100

/**
 * Posts by id: `GET /2/tweets`, scope `tweet.read`, 100 a call. Young posts go in batches of their
 * own with the author's private numbers; posts that X hides because of those are read again without.
 */
export async function readXPosts(
  api: XApi,
  account: ConnectedAccount,
  refs: readonly PublicationRef[],
  context: CallContext,
): Promise<PublicationOutcome[]> {
  const { good, bad } = sortedOut(LABEL, refs)
  const since = privateSince(context.now)
  const isYoung = (ref: PublicationRef) => ref.publishedAt !== null && ref.publishedAt >= since
  const young = good.filter(isYoung)
  const older = good.filter((ref) => !isYoung(ref))
  const batches = [...inBatches(young, BATCH_SIZE), ...inBatches(older, BATCH_SIZE)]
  const hidden: string[] = []
  const outcomes = await readBatches(batches, async (batch) => {
    const ids = batch.map((ref) => ref.platformPostId)
    const isPrivate = batch.some(isYoung)
    const answer = await lookUpValid(api, account, context, { ids, isPrivate, isHidden: false })
    hidden.push(...answer.hidden)
    return answer.outcomes
  })
  return [...bad, ...outcomes, ...(await readXHidden(api, account, hidden, context))]
}

/**
 * Posts that X hid because of their private numbers, with their public ones and a warning. What
 * fails here is the outcome of these posts alone; throws only when the token stopped being good.
 */
export async function readXHidden(
  api: XApi,
  account: ConnectedAccount,
  ids: readonly string[],
  context: CallContext,
): Promise<PublicationOutcome[]> {
  const outcomes: PublicationOutcome[] = []
  for (const batch of inBatches(ids, BATCH_SIZE)) {
    const asked = { ids: batch, isPrivate: false, isHidden: true }
    const answer = await lookUp(api, account, context, asked).catch(failureIn)
    if ('outcomes' in answer) outcomes.push(...answer.outcomes)
    else if (answer.kind === 'unauthorized') throw new ConnectorError(answer)
    else
      outcomes.push(
        ...failAlike(
          batch.map((platformPostId) => ({ platformPostId })),
          answer,
        ),
      )
  }
  return outcomes
}

interface Lookup {
  ids: string[]
  isPrivate: boolean
  isHidden: boolean
}

interface Found {
  outcomes: PublicationOutcome[]
  /** Posts that are left out because their private numbers were asked for. */
  hidden: string[]
}

/** A look-up without what X takes for no id, which would cost all of it its answer. */
async function lookUpValid(
  api: XApi,
  account: ConnectedAccount,
  context: CallContext,
  asked: Lookup,
): Promise<Found> {
  try {
    return await lookUp(api, account, context, asked)
  } catch (error) {
    const refused = refusedIds(failureIn(error))
    const ids = asked.ids.filter((id) => !refused.includes(id))
    if (ids.length === asked.ids.length) throw error
    const bad = asked.ids.filter((id) => refused.includes(id))
    const failure = unanswered('gone', `${LABEL} has no posts with an id like this one.`)
    const outcomes = bad.map((platformPostId) => ({ platformPostId, failure }))
    if (ids.length === 0) return { outcomes, hidden: [] }
    const rest = await lookUpValid(api, account, context, { ...asked, ids })
    return { outcomes: [...outcomes, ...rest.outcomes], hidden: rest.hidden }
  }
}

function refusedIds({ status, body }: Failure): string[] {
  const named = body?.matchAll(/`ids` query parameter value \[(\d+)\]/g) ?? []
  return status === 400 ? [...named].flatMap(([, id]) => id ?? []) : []
}

function lookUp(
  api: XApi,
  account: ConnectedAccount,
  context: CallContext,
  asked: Lookup,
): Promise<Found> {
  const query = {
    path: '/2/tweets',
    params: (words: Parameters<typeof postParams>[0]) => ({
      ids: asked.ids.join(','),
      ...postParams(words, dayOf(context.now), { isPrivate: asked.isPrivate }),
    }),
  }
  return api.get(query, account, context, (body) => {
    const problems = problemsIn(body).filter((problem) => !problem.isIncluded)
    // An answer that says nothing at all does not say that the posts are gone.
    if (problems.length === 0) identifiedAt(body, 'data')
    const answer = postsIn(body)
    const posts = new Map(answer.posts.map((post) => [post.id, post]))
    const lost = asked.ids.filter((id) => !posts.has(id))
    const isHidden = (id: string) =>
      asked.isPrivate && problems.some((problem) => problem.id === id && isFieldProblem(problem))
    const options = { ...asked, now: context.now, handle: account.account.handle }
    const found = asked.ids.flatMap((id) => {
      const post = posts.get(id)
      return post === undefined ? [] : [{ platformPostId: id, reading: toReading(post, options) }]
    })
    const problemOf = (id: string | null) => problems.find((problem) => problem.id === id)
    // A problem of no post in particular is one of every post that nothing else is said of.
    const failed = lost
      .filter((id) => !isHidden(id))
      .map((id) => ({
        platformPostId: id,
        failure: (problemOf(id) ?? problemOf(null))?.failure ?? lostOne(id, answer.unnamed),
      }))
    return { outcomes: [...found, ...failed], hidden: lost.filter(isHidden) }
  })
}

function lostOne(id: string, unnamed: number): Failure {
  if (unnamed > 0) return unanswered('malformed', `${LABEL} answered with posts without an id.`)
  return unanswered('gone', `${LABEL} answered without the post ${id}.`)
}
