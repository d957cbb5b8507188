import { isStatistic, metricsOf } from '../domain/catalog/catalog.ts'
import { isVideoContent } from '../domain/content.ts'
import { isBeyondView } from '../domain/metric-age.ts'
import type { SimulatedAccount, SimulatedPublication } from '../simulator/account.ts'
import type { TokenGrant } from '../simulator/tokens.ts'
import { isShown, type World } from '../simulator/world.ts'

const HISTORY_DAYS = 30
const DAY_MS = 86_400_000
// The newest numbers are recent, and yet old enough to be refreshed at once.
const NEWEST_AGE_MS = 10 * 60_000

/** What a demo is made of. */
export interface DemoParts {
  workspaceId: string
  world: World
  tokensOf(account: SimulatedAccount): TokenGrant
  /** The id that an account must have, because an example says so; null: any. */
  idOf(account: SimulatedAccount): string | null
  now: Date
  staleAfterSeconds: number
}

/**
 * Import records of a demo workspace: the world's accounts with tokens that the platforms accept,
 * their publications grouped into posts, and daily snapshots of the last 30 days.
 */
export function* demoRecords(parts: DemoParts): Iterable<object> {
  const { workspaceId, world, now } = parts
  // Whoever looks at a demo wants to see one refresh after the other.
  yield { type: 'workspace', id: workspaceId, name: 'Demo', refresh_cooldown_hours: 0 }
  const posts = new Set<string>()
  for (const account of world.accounts) {
    const id = parts.idOf(account) ?? `acc_${account.handle}_${account.platform}`
    yield* accountRecords(parts, account, id)
    for (const publication of world.publications(account, now)) {
      if (!isShown(publication, now)) continue
      const postId = `post_${publication.story.replace(/\W+/g, '_')}`
      if (!posts.has(postId)) yield postRecord(parts, publication, postId)
      posts.add(postId)
      yield* publicationRecords(parts, publication, { accountId: id, postId })
    }
  }
}

function* accountRecords(parts: DemoParts, account: SimulatedAccount, id: string) {
  const { workspaceId, world, now } = parts
  const tokens = parts.tokensOf(account)
  const from = new Date(now.getTime() - HISTORY_DAYS * DAY_MS)
  yield {
    ...{ type: 'account', workspace_id: workspaceId, id },
    platform: account.platform,
    platform_account_id: account.platformAccountId,
    handle: account.handle,
    display_name: account.displayName,
    avatar_url: account.avatarUrl,
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_expires_at: tokens.expiresAt,
    scopes: tokens.scopes,
    connected_at: from,
  }
  for (const at of instantsFrom(from, now)) {
    const metrics = world.accountNumbers(account, at)
    yield { ...snapshotAt(parts, at), account_id: id, metrics }
  }
}

function postRecord({ workspaceId }: DemoParts, publication: SimulatedPublication, id: string) {
  const { text, publishedAt } = publication
  return { type: 'post', workspace_id: workspaceId, id, text, created_at: publishedAt }
}

function* publicationRecords(
  parts: DemoParts,
  publication: SimulatedPublication,
  { accountId, postId }: { accountId: string; postId: string },
) {
  const { workspaceId, world, now } = parts
  const { platform, platformPostId, publishedAt, contentType } = publication
  const id = `pub_${platform}_${platformPostId}`
  yield {
    ...{ type: 'publication', workspace_id: workspaceId, id, post_id: postId },
    ...{ account_id: accountId, platform_post_id: platformPostId },
    url: publication.url,
    text: publication.text,
    content_type: contentType,
    thumbnail_url: publication.thumbnailUrl,
    duration_seconds: publication.durationSeconds,
    ...{ created_at: publishedAt, published_at: publishedAt },
  }
  if (isVideoContent(contentType)) {
    const video = { id: `va_${platform}_${platformPostId}`, publication_id: id }
    yield { type: 'video', workspace_id: workspaceId, ...video }
  }
  for (const at of instantsFrom(publishedAt, now)) {
    const metrics = readableNumbers(world, publication, at)
    yield { ...snapshotAt(parts, at), publication_id: id, metrics }
  }
}

// What a refresh at that instant would have brought: the world knows more than its platforms tell.
function readableNumbers(world: World, publication: SimulatedPublication, at: Date) {
  const { platform, contentType, publishedAt } = publication
  const video = isVideoContent(contentType) ? metricsOf(platform, 'video') : []
  const metrics = [...metricsOf(platform, 'post'), ...video]
  const names = metrics
    .filter(({ contentTypes }) => contentTypes === null || contentTypes.includes(contentType))
    .filter((metric) => !isBeyondView(metric, publishedAt, at))
    .map(({ name }) => name)
  const numbers = Object.entries(world.publicationNumbers(publication, at))
  // Numbers that no metric lists, and that a platform reports with the others.
  const isExtra = (name: string) =>
    isStatistic(platform, 'post', name) && metrics.every((metric) => metric.name !== name)
  return Object.fromEntries(numbers.filter(([name]) => names.includes(name) || isExtra(name)))
}

function snapshotAt({ workspaceId, staleAfterSeconds }: DemoParts, at: Date) {
  const staleAfter = new Date(at.getTime() + staleAfterSeconds * 1000)
  return { type: 'snapshot', workspace_id: workspaceId, captured_at: at, stale_after: staleAfter }
}

/** One instant a day, the last a few minutes ago, and none before the subject was there. */
function* instantsFrom(start: Date, now: Date): Iterable<Date> {
  const newest = now.getTime() - NEWEST_AGE_MS
  for (let days = HISTORY_DAYS; days >= 0; days -= 1) {
    const at = new Date(newest - days * DAY_MS)
    if (at >= start) yield at
  }
}
