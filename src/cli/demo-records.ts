import { notShown } from '../connectors/numbers.ts'
import { isScopeGranted, isStatistic, metricsOf } from '../domain/catalog/catalog.ts'
import { isVideoContent } from '../domain/content.ts'
import type { MetricDefinition } from '../domain/metric.ts'
import { isBeyondView } from '../domain/metric-age.ts'
import { PLATFORM_LABELS, type Platform } from '../domain/platform.ts'
import type { SimulatedAccount, SimulatedPublication } from '../simulator/account.ts'
import { DEMO_LAPSE_MESSAGE, demoLapse } from '../simulator/demo-plan.ts'
import type { TokenGrant } from '../simulator/tokens.ts'
import type { World } from '../simulator/world.ts'

const HISTORY_DAYS = 30
const DAY_MS = 86_400_000
// The newest numbers are recent, and yet old enough to be refreshed at once.
const NEWEST_AGE_MS = 10 * 60_000

// When content is read on its first day, beside the daily readings: shortly before those ages are
// over that its decay is told for.
const EARLY_AGES_MS = [57 * 60_000, 351 * 60_000, 1428 * 60_000]

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
 * their publications grouped into posts, and daily snapshots of the last 30 days, with three more of the
 * day after publishing. What went wrong is there as well: the access to an account that ended, a
 * scope that is lacking, content that is gone.
 */
export function* demoRecords(parts: DemoParts): Iterable<object> {
  const { workspaceId, world, now } = parts
  // Whoever looks at a demo wants to see one refresh after the other.
  yield { type: 'workspace', id: workspaceId, name: 'Demo', refresh_cooldown_hours: 0 }
  const posts = new Set<string>()
  for (const account of world.accounts) {
    const id = parts.idOf(account) ?? `acc_${account.handle}_${account.platform}`
    yield* accountRecords(parts, account, id)
    for (const publication of world.publications(account, demoLapse(account, now) ?? now)) {
      const postId = `post_${publication.story.replaceAll(':', '_')}`
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
  const end = demoLapse(account, now)
  const state = end === null ? {} : LAPSED
  for (const at of instantsBetween(from, end, now)) {
    const metrics = world.accountNumbers(account, at)
    yield { ...snapshotAt(parts, at), account_id: id, metrics, ...state }
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
  const end = publication.deletedAt ?? demoLapse(publication.account, now)
  const state = stateOf(publication, now)
  for (const at of readingsBetween(publishedAt, end, now)) {
    const metrics = readableNumbers(world, publication, at)
    yield { ...snapshotAt(parts, at), publication_id: id, metrics, ...state }
  }
}

const LAPSED = { sync_status: 'requires_reconnect', error_message: DEMO_LAPSE_MESSAGE }

// How the last refresh of it ended, as an import says it.
function stateOf(publication: SimulatedPublication, now: Date): object {
  const { platform, platformPostId, account, deletedAt } = publication
  if (demoLapse(account, now) !== null) return LAPSED
  if (deletedAt !== null && deletedAt <= now) {
    const lost = `${PLATFORM_LABELS[platform]} no longer shows the video ${platformPostId}`
    return { sync_status: 'failed', error_message: `${lost}: it is deleted or not public.` }
  }
  const hidden = metricsFor(publication).filter((metric) => ungranted(metric, account).length > 0)
  if (hidden.length === 0) return {}
  const names = [...new Set(hidden.map(({ name }) => name))]
  const scopes = [...new Set(hidden.flatMap((metric) => ungranted(metric, account)))]
  const cause = `${scopes.join(' and ')} was not granted.`
  return { sync_status: 'partial', warnings: [notShown(platform, names, cause)] }
}

function ungranted({ requiredScopes }: MetricDefinition, account: SimulatedAccount): string[] {
  const { platform, scopes } = account
  return requiredScopes.filter((scope) => !isScopeGranted(platform, scope, scopes))
}

function metricsFor({ platform, contentType }: SimulatedPublication): MetricDefinition[] {
  const video = isVideoContent(contentType) ? metricsOf(platform, 'video') : []
  return [...metricsOf(platform, 'post'), ...video].filter(
    ({ contentTypes }) => contentTypes === null || contentTypes.includes(contentType),
  )
}

// What a refresh at that instant would have brought: the world knows more than its platforms tell.
function readableNumbers(world: World, publication: SimulatedPublication, at: Date) {
  const { platform, account, publishedAt } = publication
  const names = metricsFor(publication)
    .filter((metric) => !isBeyondView(metric, publishedAt, at))
    .filter((metric) => ungranted(metric, account).length === 0)
    .map(({ name }) => name)
  const numbers = Object.entries(world.publicationNumbers(publication, at))
  // Numbers that no metric lists, and that a platform reports with the others.
  const isExtra = (name: string) => isStatistic(platform, 'post', name) && !isListed(platform, name)
  return Object.fromEntries(numbers.filter(([name]) => names.includes(name) || isExtra(name)))
}

function isListed(platform: Platform, name: string): boolean {
  const metrics = [...metricsOf(platform, 'post'), ...metricsOf(platform, 'video')]
  return metrics.some((metric) => metric.name === name)
}

function snapshotAt({ workspaceId, staleAfterSeconds }: DemoParts, at: Date) {
  const staleAfter = new Date(at.getTime() + staleAfterSeconds * 1000)
  return { type: 'snapshot', workspace_id: workspaceId, captured_at: at, stale_after: staleAfter }
}

// As instantsBetween, and more often on the first day.
function readingsBetween(publishedAt: Date, end: Date | null, now: Date): Date[] {
  const newest = now.getTime() - NEWEST_AGE_MS
  const oldest = newest - HISTORY_DAYS * DAY_MS
  const isThere = (at: Date) =>
    at.getTime() > oldest && at.getTime() < newest && (end === null || at < end)
  const early = EARLY_AGES_MS.map((age) => new Date(publishedAt.getTime() + age)).filter(isThere)
  const all = [...early, ...instantsBetween(publishedAt, end, now)]
  return all.toSorted((one, other) => one.getTime() - other.getTime())
}

/**
 * One instant a day, the last a few minutes ago: none before the subject was there, and none after
 * it could be read no more; `end` null: it can be.
 */
function* instantsBetween(start: Date, end: Date | null, now: Date): Iterable<Date> {
  const newest = now.getTime() - NEWEST_AGE_MS
  for (let days = HISTORY_DAYS; days >= 0; days -= 1) {
    const at = new Date(newest - days * DAY_MS)
    if (at >= start && (end === null || at < end)) yield at
  }
}
