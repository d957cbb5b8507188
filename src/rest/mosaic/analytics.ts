import { createRoute, z } from '@hono/zod-openapi'
import type { Publication } from '../../domain/publication.ts'
import type { Loaders } from '../../loaders/loaders.ts'
import { endpoint } from '../facade.ts'
import { text } from '../parameters.ts'
import { statusOf } from './combining.ts'
import { Problem, problem } from './errors.ts'
import { ANALYTICS_EXAMPLE } from './examples.ts'
import { PostAnalytics, type Published, postAnalytics } from './shapes.ts'

/** As long as ids can be here. */
const ID_CHARACTERS_MAX = 512

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const POST_ID = text('The id of a post.')
  .refine((id) => id.trim() !== '', { error: 'must not be empty', abort: true })
  .max(ID_CHARACTERS_MAX, { error: `must have at most ${ID_CHARACTERS_MAX} characters` })
  .openapi({ example: '2d8ca860-f8e0-4f3f-9f2c-337ead6ed91e' })

const CONNECTION_ID = text('Only the account with this id: a uuid, or an id that an account has.')
  .optional()
  .openapi({ example: '6b0f3e1c-5d5a-4c0e-9a64-2f7d3a1b8c01' })

const NO_POST = problem('not_found', 'There is no such post.')
const NOT_PUBLISHED = problem('not_found', 'The post was not published to this connection.')
const NO_CONNECTION = problem('validation_error', 'social_connection_id must be a uuid.')
const TOO_LONG = problem('parameter_out_of_range', 'post_id must have at most 512 characters.')

const ROUTE = createRoute({
  method: 'get',
  path: '/social/post/{post_id}/analytics',
  operationId: 'mosaicPostAnalytics',
  summary: 'Get social post analytics',
  description:
    'The numbers of a post on every platform where it was published, and their sums, as they are ' +
    'stored. What was never read is read from the platform, as far as there is time for it.',
  request: {
    params: z.object({ post_id: POST_ID }),
    query: z.object({ social_connection_id: CONNECTION_ID }),
  },
  responses: {
    200: {
      description: 'The analytics of the post.',
      content: { 'application/json': { schema: PostAnalytics, example: ANALYTICS_EXAMPLE } },
    },
    404: {
      description: 'There is no such post, or it was not published to the connection.',
      content: {
        'application/json': {
          schema: Problem,
          examples: { post: { value: NO_POST }, connection: { value: NOT_PUBLISHED } },
        },
      },
    },
    422: {
      description: 'An id is none.',
      content: {
        'application/json': {
          schema: Problem,
          examples: { connection: { value: NO_CONNECTION }, post: { value: TOO_LONG } },
        },
      },
    },
  },
})

/** `GET /social/post/{post_id}/analytics`. */
export const analytics = endpoint('analytics:read', ROUTE, async (c) => {
  const { post_id: postId } = c.req.valid('param')
  const { social_connection_id: connectionId } = c.req.valid('query')
  const { loaders, commands, principal, refreshBudgetMs, lasting } = c.var
  if (connectionId !== undefined && !(await isConnectionId(loaders, connectionId))) {
    return c.json(NO_CONNECTION, 422)
  }
  const [post, everywhere] = await Promise.all([
    loaders.post.load(postId),
    loaders.publicationsOfPost.load(postId),
  ])
  if (post === null) return c.json(NO_POST, 404)
  const found = everywhere.filter(
    ({ accountId }) => connectionId === undefined || isSameId(accountId, connectionId),
  )
  if (connectionId !== undefined && found.length === 0) return c.json(NOT_PUBLISHED, 404)
  const unread = found.filter(({ lastUpdatedAt }) => lastUpdatedAt === null)
  const wish = { publications: unread, force: false }
  const isNewer = await commands.refreshOnRead(principal.workspaceId, wish, refreshBudgetMs)
  const published = await withPayloads(loaders, isNewer ? await readAgain(loaders, found) : found)
  const status = statusOf(published.map(({ publication }) => publication.syncStatus))
  if (unread.length === 0) lasting.lastsUntil(null)
  return c.json(postAnalytics(post.id, status, published), 200)
})

// Imported accounts keep the ids of other systems, which need not be uuids.
async function isConnectionId(loaders: Loaders, id: string): Promise<boolean> {
  return UUID.test(id) || (await loaders.account.load(id)) !== null
}

function isSameId(accountId: string, given: string): boolean {
  return accountId === given || (UUID.test(given) && accountId === given.toLowerCase())
}

async function readAgain(loaders: Loaders, found: readonly Publication[]): Promise<Publication[]> {
  loaders.clear()
  const rows = await Promise.all(found.map(({ id }) => loaders.publication.load(id)))
  return rows.filter((row) => row !== null)
}

function withPayloads(loaders: Loaders, rows: readonly Publication[]): Promise<Published[]> {
  return Promise.all(
    rows.map(async (publication) => {
      const payload = await loaders.publicationPayload.load(publication.id)
      return { publication, payload }
    }),
  )
}
