import { createRoute, z } from '@hono/zod-openapi'
import { PLATFORMS } from '../../domain/platform.ts'
import type { Publication, PublicationFilter } from '../../domain/publication.ts'
import type { Loaders } from '../../loaders/loaders.ts'
import { endpoint } from '../facade.ts'
import { staleFrom } from '../kept-answers.ts'
import { flag, isoDate, oneOf, text, wholeNumber } from '../parameters.ts'
import { POSTS_EXAMPLE } from './examples.ts'
import { overviewOf, PostPage, postRow } from './shapes.ts'

const LIMIT_MAX = 100
const LIMIT_DEFAULT = 25
const PAGE_MAX = 2_147_483_647

const QUERY = z
  .object({
    postId: text('Only the post with this id, or the one with this id of its platform.').optional(),
    accountId: text('Only posts of the account with this id.').optional(),
    platform: oneOf(PLATFORMS, 'Only posts on this platform.').optional(),
    fromDate: isoDate('first', 'Only posts recorded then or later; a day begins at 00:00 UTC.'),
    toDate: isoDate('last', 'Only posts recorded then or before; a day ends at 24:00 UTC.'),
    refresh: flag('Ask the platform again, however fresh the numbers are.'),
    page: wholeNumber([1, PAGE_MAX], 1, 'Page number.'),
    limit: wholeNumber([1, LIMIT_MAX], LIMIT_DEFAULT, 'Page size.'),
  })
  .refine(({ fromDate, toDate }) => !fromDate || !toDate || fromDate <= toDate, {
    path: ['fromDate'],
    error: 'must not be after toDate',
  })

const ROUTE = createRoute({
  method: 'get',
  path: '/v1/analytics/posts',
  operationId: 'dravoPosts',
  summary: 'Get post analytics',
  description:
    'Official metrics of what was published, the newest first: one row for every publication of a ' +
    'post. Missing or stale rows are read from the platform, as far as there is time for it.',
  request: { query: QUERY },
  responses: {
    200: {
      description: 'A page of post analytics.',
      content: { 'application/json': { schema: PostPage, example: POSTS_EXAMPLE } },
    },
  },
})

/** `GET /v1/analytics/posts`. */
export const posts = endpoint('analytics:read', ROUTE, async (c) => {
  const { refresh, page, limit, ...query } = c.req.valid('query')
  const { loaders, commands, principal, refreshBudgetMs, lasting, now } = c.var
  const filter = filterOf(query)
  const [total, found] = await Promise.all([
    loaders.publications.count(filter),
    loaders.publications.at(filter, { offset: (page - 1) * limit, limit }),
  ])
  const wish = { publications: found, force: refresh }
  const isNewer = await commands.refreshOnRead(principal.workspaceId, wish, refreshBudgetMs)
  const items = await rowsOf(loaders, isNewer ? await readAgain(loaders, found) : found)
  if (!refresh) lasting.lastsUntil(staleFrom(found, now))
  return c.json({ items, total, page, limit, overview: overviewOf(items) }, 200)
})

type Query = Omit<z.infer<typeof QUERY>, 'refresh' | 'page' | 'limit'>

// Content that was only discovered on a platform belongs to no post.
function filterOf({ postId, accountId, platform, fromDate, toDate }: Query): PublicationFilter {
  return {
    isRecorded: true,
    anyPostId: postId ?? null,
    accountId: accountId ?? null,
    platform: platform ?? null,
    from: fromDate ?? null,
    to: toDate ?? null,
  }
}

async function readAgain(loaders: Loaders, found: readonly Publication[]): Promise<Publication[]> {
  loaders.clear()
  const rows = await Promise.all(found.map(({ id }) => loaders.publication.load(id)))
  return rows.filter((row) => row !== null)
}

async function rowsOf(loaders: Loaders, publications: readonly Publication[]) {
  const recorded = publications.flatMap(({ postId, ...row }) =>
    postId ? [{ ...row, postId }] : [],
  )
  return Promise.all(
    recorded.map(async (row) => {
      const post = row.text === null ? await loaders.post.load(row.postId) : null
      return postRow(row, post?.text ?? null)
    }),
  )
}
