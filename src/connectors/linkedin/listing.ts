import { type CallContext, ConnectorError, type Listing } from '../../domain/connector.ts'
import { requireNumericId } from '../batches.ts'
import { unanswered } from '../failures.ts'
import { identifiedAt } from '../json.ts'
import { isPublished, toContent } from './content.ts'
import { LABEL } from './errors.ts'
import { hasNextPage } from './pages.ts'
import type { LinkedinSession } from './request.ts'
import { encodedUrn, organizationUrn, postKindOf } from './restli.ts'

const PAGE_SIZE = 100

/**
 * What the listings of a run showed. Statistics leave out posts without activity, so they do not
 * tell whether a post is still there; a post that the same run has listed is.
 */
export interface Listed {
  add(context: CallContext, ids: readonly string[]): void
  has(context: CallContext, id: string): boolean
}

/** Notes that end with the runs that they are about. */
export function createListed(): Listed {
  const seen = new WeakMap<CallContext, Set<string>>()
  return {
    add(context, ids) {
      const known = seen.get(context) ?? new Set()
      for (const id of ids) known.add(id)
      seen.set(context, known)
    },
    has: (context, id) => seen.get(context)?.has(id) ?? false,
  }
}

/**
 * The newest posts of a page without their numbers: `GET /rest/posts`, scope
 * `r_organization_social`, 100 a call. The cursor is the number of posts before the page.
 */
export async function listLinkedinPosts(
  session: LinkedinSession,
  listed: Listed,
  cursor: string | null,
): Promise<Listing> {
  const { api, account, context } = session
  const { platformAccountId } = account.account
  requireNumericId(LABEL, platformAccountId)
  const start = startOf(cursor)
  const params = {
    q: 'author',
    author: encodedUrn(organizationUrn(platformAccountId)),
    count: String(PAGE_SIZE),
    start: String(start),
    sortBy: 'CREATED',
    isDsc: 'false',
  }
  const page = await api.ask(
    { path: '/rest/posts', params, method: 'FINDER' },
    account,
    context,
    (body) => ({ ...identifiedAt(body, 'elements'), hasNext: hasNextPage(body) }),
  )
  const items = page.items
    .filter(({ id, object }) => isPublished(object) && postKindOf(id) !== null)
    .map(({ id, object }) => ({
      platformPostId: id,
      content: toContent(id, object),
      reading: null,
    }))
  listed.add(
    context,
    items.map(({ platformPostId }) => platformPostId),
  )
  const hasMore = page.hasNext && page.items.length + page.unnamed > 0
  return {
    items,
    nextCursor: hasMore ? String(start + PAGE_SIZE) : null,
    account: null,
    warnings: page.unnamed > 0 ? [`${LABEL} listed ${page.unnamed} posts without an id.`] : [],
  }
}

function startOf(cursor: string | null): number {
  const start = Number(cursor ?? '0')
  if (Number.isSafeInteger(start) && start >= 0) return start
  const message = `The cursor is not one of a listing of ${LABEL} posts.`
  throw new ConnectorError(unanswered('misconfigured', message))
}
