import { z } from '@hono/zod-openapi'
import type { Account } from '../../domain/account.ts'
import { metricsOf } from '../../domain/catalog/catalog.ts'
import type { MetricSubject, NativeNumbers } from '../../domain/metric.ts'
import { PLATFORMS, type Platform } from '../../domain/platform.ts'
import type { Publication } from '../../domain/publication.ts'
import type { SyncState } from '../../domain/sync.ts'
import { instantText } from '../facade.ts'

/** The keys that the documents list where they call the set fixed; elsewhere every key is served. */
export const FIXED_KEYS: Readonly<
  Record<'account' | 'post', Partial<Record<Platform, readonly string[]>>>
> = {
  account: {
    instagram: [
      'follower_count',
      'reach',
      'views',
      'accounts_engaged',
      'total_interactions',
      'likes',
      'comments',
      'shares',
      'saves',
      'replies',
      'profile_views',
      'website_clicks',
      'profile_links_taps',
    ],
    facebook: [
      'followers_count',
      'talking_about_count',
      'were_here_count',
      'checkins',
      'page_post_engagements',
      'page_consumptions',
      'page_actions_post_reactions_total',
      'page_video_views',
      'page_views_total',
      'page_total_actions',
    ],
    tiktok: ['follower_count', 'following_count', 'likes_count', 'video_count'],
  },
  post: {
    instagram: ['views', 'reach', 'likes', 'comments', 'shares', 'saved', 'total_interactions'],
    facebook: ['post_engaged_users', 'post_clicks', 'post_reactions_by_type_total'],
    tiktok: ['view_count', 'like_count', 'comment_count', 'share_count'],
  },
}

const instant = (description: string) => z.iso.datetime().nullable().openapi({ description })

/** Numbers by the platform's own names. One that nobody knows is left out. */
export const Numbers = z.record(z.string(), z.number()).openapi('DravoMetrics')

/** What a row says of itself, in the order of the documents. */
const SYNC_SHAPE = {
  warnings: z.array(z.string()),
  sync_status: z.enum(['synced', 'partial', 'pending', 'failed', 'requires_reconnect']),
  error_message: z.string().nullable(),
  last_updated_at: instant('When the platform was last asked with success.'),
  stale_after: instant('When the numbers become stale.'),
}

/** One account with its numbers. */
export const AccountRow = z
  .object({
    account_id: z.string(),
    platform: z.string(),
    handle: z.string().nullable(),
    platform_account_id: z.string().nullable(),
    metrics: Numbers,
    ...SYNC_SHAPE,
  })
  .openapi('DravoAccount')

/** The answer of the endpoint of accounts. */
export const AccountList = z
  .object({
    items: z.array(AccountRow),
    total: z.int().openapi({ description: 'How many accounts are returned.' }),
  })
  .openapi('DravoAccounts')

/** One publication with its numbers. */
export const PostRow = z
  .object({
    post_id: z.string(),
    account_id: z.string().nullable(),
    platform: z.string(),
    platform_post_id: z.string(),
    platform_post_url: z.string().nullable(),
    text: z.string().nullable(),
    created_at: z.iso.datetime(),
    published_at: instant('When it went live on the platform.'),
    metrics: Numbers,
    ...SYNC_SHAPE,
  })
  .openapi('DravoPost')

/** The answer of the endpoint of posts. */
export const PostPage = z
  .object({
    items: z.array(PostRow),
    total: z.int().openapi({ description: 'How many rows match.' }),
    page: z.int(),
    limit: z.int(),
    overview: z.object({
      posts: z.int().openapi({ description: 'How many rows are on this page.' }),
      metrics: Numbers,
    }),
  })
  .openapi('DravoPosts')

/** An account as the document shows it. */
export function accountRow(account: Account): z.infer<typeof AccountRow> {
  return {
    account_id: account.id,
    platform: account.platform,
    handle: account.handle,
    platform_account_id: account.platformAccountId,
    metrics: metricsIn(account.platform, 'account', account.native),
    ...syncOf(account),
  }
}

/** A publication of a post as the document shows it; `postText` is what the post itself says. */
export function postRow(
  publication: Publication & { postId: string },
  postText: string | null,
): z.infer<typeof PostRow> {
  return {
    post_id: publication.postId,
    account_id: publication.accountId,
    platform: publication.platform,
    platform_post_id: publication.platformPostId,
    platform_post_url: publication.url,
    text: publication.text ?? postText,
    created_at: instantText(publication.createdAt),
    published_at: publication.publishedAt && instantText(publication.publishedAt),
    metrics: metricsIn(publication.platform, 'post', publication.native),
    ...syncOf(publication),
  }
}

/**
 * Each number summed over the rows that have it, unique counts included, as the document's example
 * does. A sum that cannot be told exactly is left out.
 */
export function overviewOf(rows: readonly z.infer<typeof PostRow>[]) {
  const sums: Record<string, number> = {}
  for (const { metrics } of rows) {
    for (const [name, value] of Object.entries(metrics)) sums[name] = (sums[name] ?? 0) + value
  }
  const exact = Object.entries(sums).filter(([, sum]) => Math.abs(sum) <= Number.MAX_SAFE_INTEGER)
  return { posts: rows.length, metrics: Object.fromEntries(exact) }
}

function syncOf(state: SyncState) {
  return {
    warnings: state.warnings,
    sync_status: state.syncStatus,
    error_message: state.errorMessage,
    last_updated_at: state.lastUpdatedAt && instantText(state.lastUpdatedAt),
    stale_after: state.staleAfter && instantText(state.staleAfter),
  }
}

/** The numbers that are known, in the document's order, else in the catalogue's. */
function metricsIn(
  platform: Platform,
  subject: 'account' | 'post',
  native: NativeNumbers,
): Record<string, number> {
  const numbers: [string, number][] = []
  for (const name of FIXED_KEYS[subject][platform] ?? namesIn(platform, subject, native)) {
    const value = native[name]
    if (value !== undefined) numbers.push([name, value])
  }
  return Object.fromEntries(numbers)
}

const SUBJECTS: Record<'account' | 'post', MetricSubject[]> = {
  account: ['account'],
  post: ['post', 'video'],
}

// By subject and platform. What posts share with videos comes once.
const CATALOGUED = Object.fromEntries(
  PLATFORMS.flatMap((platform) =>
    (['account', 'post'] as const).map((subject) => {
      const known = SUBJECTS[subject].flatMap((each) => metricsOf(platform, each))
      return [`${subject} ${platform}`, new Set(known.map(({ name }) => name))]
    }),
  ),
)

// What the catalogue does not know comes last.
function namesIn(
  platform: Platform,
  subject: 'account' | 'post',
  native: NativeNumbers,
): Iterable<string> {
  const known = CATALOGUED[`${subject} ${platform}`] ?? new Set()
  const others = Object.keys(native).filter((name) => !known.has(name))
  return others.length === 0 ? known : [...known, ...others.sort()]
}
