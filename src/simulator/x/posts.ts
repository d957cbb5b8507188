import type { Answer } from '../answer.ts'
import { isShown } from '../world.ts'
import { entriesOf, entryOf } from './entries.ts'
import { notAuthorized, notFound, partialAnswer } from './item-errors.ts'
import { batchIds, pathId } from './parameters.ts'
import { isOwnAndYoung, type PostParts, postParts, selectsPrivate } from './post-object.ts'
import { type Admitted, readRoute } from './route.ts'
import { pageOf, type TimelineRequest, timelineRequest } from './timeline.ts'
import type { Vocabulary } from './vocabulary.ts'

/** The paths that answer posts: a batch, a single one, and an account's timeline. */
export const postRoutes = [
  readRoute({
    path: '/2/tweets',
    parameters: ['ids'],
    perUser: 5000,
    perApp: 3500,
    read(admitted) {
      const { call, simulation } = admitted
      const parts = batchIds(call, simulation).map((id) =>
        postParts(admitted, entryOf(id, simulation, call.now), {
          resource: 'tweet',
          parameter: 'ids',
          id,
        }),
      )
      return manyPosts(admitted, parts)
    },
  }),
  readRoute({
    path: '/2/tweets/:id',
    parameters: [],
    perUser: 900,
    perApp: 450,
    read(admitted) {
      const { call, simulation } = admitted
      const id = pathId(call, simulation)
      const entry = entryOf(id, simulation, call.now)
      const parts = postParts(admitted, entry, { resource: 'tweet', parameter: 'id', id })
      const includes = includesOf([parts], admitted.selection.words)
      const data = parts.data[0]
      return partialAnswer({ ...(data ? { data } : {}), includes, errors: parts.errors })
    },
  }),
  readRoute({
    path: '/2/users/:id/tweets',
    parameters: [
      'max_results',
      'pagination_token',
      'exclude',
      'start_time',
      'end_time',
      'since_id',
      'until_id',
    ],
    perUser: 900,
    perApp: 10_000,
    read: timelineAnswer,
  }),
]

function timelineAnswer(admitted: Admitted): Answer {
  const { call, caller, simulation } = admitted
  const id = pathId(call, simulation)
  const request = timelineRequest(call, simulation)
  const account = simulation.world.account('x', id)
  const asked = { resource: 'user' as const, parameter: 'id', id }
  if (account === null) return partialAnswer({ errors: [notFound(simulation, asked)] })
  const isOwn = caller?.platformAccountId === id
  if (account.isSuspended || (account.isProtected && !isOwn)) {
    return partialAnswer({ errors: [notAuthorized(simulation, asked)] })
  }
  return timelinePage(admitted, request, account.platformAccountId)
}

function timelinePage(admitted: Admitted, request: TimelineRequest, accountId: string): Answer {
  const { call, simulation } = admitted
  const account = simulation.world.account('x', accountId)
  const entries = account === null ? [] : entriesOf(account, simulation, call.now)
  // Private fields narrow a timeline to what has them; nothing says so in the answer.
  const seen = entries
    .filter((entry) => isShown(entry.publication, call.now))
    .filter((entry) => !selectsPrivate(admitted) || isOwnAndYoung(admitted, entry))
  const { kept, meta } = pageOf(seen, request, admitted)
  const parts = kept.map((entry) =>
    postParts(admitted, entry, {
      resource: 'tweet',
      parameter: 'id',
      id: entry.publication.platformPostId,
    }),
  )
  const data = parts.flatMap((part) => part.data)
  const errors = parts.flatMap((part) => part.errors)
  return partialAnswer({
    data,
    includes: includesOf(parts, admitted.selection.words),
    errors,
    meta,
  })
}

// The order of a batch is not promised: newest first, whatever was asked.
function manyPosts({ selection: { words } }: Admitted, parts: PostParts[]): Answer {
  const sorted = parts.toSorted((a, b) => (idOf(a) > idOf(b) ? -1 : 1))
  return partialAnswer({
    data: sorted.flatMap((part) => part.data),
    includes: includesOf(sorted, words),
    errors: parts.flatMap((part) => part.errors),
  })
}

function idOf({ data }: PostParts): bigint {
  return BigInt(`${data[0]?.['id'] ?? 0}`)
}

function includesOf(parts: readonly PostParts[], { included }: Vocabulary) {
  const media = parts.flatMap((part) => part.media)
  const posts = parts.flatMap((part) => part.posts)
  const users = new Map(parts.flatMap((part) => part.users).map((user) => [user['id'], user]))
  return {
    ...(media.length === 0 ? {} : { media }),
    ...(users.size === 0 ? {} : { users: [...users.values()] }),
    ...(posts.length === 0 ? {} : { [included]: posts }),
  }
}
