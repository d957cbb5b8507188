import { readFileSync } from 'node:fs'
import type { Gateway } from '../../support/gateway.ts'
import { WORKSPACE } from '../../support/gateway.ts'
import { importInto } from '../../support/importing.ts'

const OF_WORKSPACE = { workspace_id: WORKSPACE }
const FRESH = { captured_at: '2026-06-29T09:00:00Z', stale_after: '2026-06-29T15:00:00Z' }

/** The answer that a document prints. */
export function documented(name: 'accounts' | 'posts'): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'))
}

/** The two accounts of "Get account analytics". */
export const ACCOUNTS = [
  {
    ...{ type: 'account', ...OF_WORKSPACE, id: 'acc_8f2c1d', platform: 'x' },
    ...{ platform_account_id: '1234567890', handle: '@dravo' },
    connected_at: '2026-06-01T08:00:00Z',
  },
  {
    ...{ type: 'account', ...OF_WORKSPACE, id: 'acc_4b9e07', platform: 'facebook' },
    ...{ platform_account_id: '1122334455', handle: 'Dravo' },
    connected_at: '2026-06-01T08:05:00Z',
  },
  {
    ...{ type: 'snapshot', ...OF_WORKSPACE, account_id: 'acc_8f2c1d', ...FRESH },
    metrics: {
      ...{ followers_count: 2400, following_count: 180, tweet_count: 320 },
      ...{ listed_count: 14, like_count: 900 },
    },
  },
  {
    ...{ type: 'snapshot', ...OF_WORKSPACE, account_id: 'acc_4b9e07', ...FRESH },
    metrics: { followers_count: 12000, talking_about_count: 84, page_video_views: 3200 },
    warnings: ['Facebook Page insight metrics unavailable.'],
    sync_status: 'partial',
  },
]

const TEXT = 'Shipping Dravo: one API for every social network.'
const RECORDED = { text: TEXT, created_at: '2026-06-23T10:15:30Z' }

/** The post of "Get post analytics", under the account that the document gives it. */
export const POSTS = [
  {
    ...{ type: 'account', ...OF_WORKSPACE, id: 'acc_8f2c1d', platform: 'instagram' },
    ...{ platform_account_id: '17841400000000000', handle: '@dravo' },
  },
  { type: 'post', ...OF_WORKSPACE, id: 'post_2a7f93', ...RECORDED },
  {
    ...{ type: 'publication', ...OF_WORKSPACE, id: 'pub_2a7f93', ...RECORDED },
    ...{ post_id: 'post_2a7f93', account_id: 'acc_8f2c1d' },
    ...{ platform_post_id: '18000000000000000', content_type: 'image' },
    ...{ url: 'https://www.instagram.com/p/example/', published_at: '2026-06-23T10:16:02Z' },
  },
  {
    ...{ type: 'snapshot', ...OF_WORKSPACE, publication_id: 'pub_2a7f93', ...FRESH },
    metrics: { views: 1240, reach: 980, likes: 84, comments: 6, shares: 12 },
  },
]

/** Fills a gateway's store. */
export async function fill({ db }: Gateway, records: readonly object[]): Promise<void> {
  const outcome = await importInto(db, records)
  if (outcome.problems.length > 0) throw new Error(JSON.stringify(outcome.problems))
}
