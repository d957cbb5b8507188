import { readFileSync } from 'node:fs'
import type { Platform } from '../../../src/domain/platform.ts'
import { type Gateway, WORKSPACE } from '../../support/gateway.ts'
import { importInto } from '../../support/importing.ts'

const EXAMPLE = new URL('../../../src/rest/mosaic/example.ndjson', import.meta.url)

/** The post of the example. */
export const POST_ID = '2d8ca860-f8e0-4f3f-9f2c-337ead6ed91e'

/** The connection of the example whose account is on X. */
export const CONNECTION_ID = '6b0f3e1c-5d5a-4c0e-9a64-2f7d3a1b8c01'

/** The path of a post's analytics, with a connection where one is given. */
export function pathOf(postId: string, connectionId?: string): string {
  const query = new URLSearchParams(
    connectionId === undefined ? {} : { social_connection_id: connectionId },
  )
  return `/social/post/${encodeURIComponent(postId)}/analytics?${query}`
}

/** Stores records, in the workspace of the tests. */
export async function fill({ db }: Gateway, records: readonly object[]): Promise<void> {
  const own = records.map((record) => ({ ...record, workspace_id: WORKSPACE }))
  const { problems } = await importInto(db, own)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
}

/** Stores the example. */
export async function fillExample(gateway: Gateway): Promise<void> {
  const [, ...lines] = readFileSync(EXAMPLE, 'utf8').trim().split('\n')
  await fill(
    gateway,
    lines.map((line) => JSON.parse(line)),
  )
}

/** A publication of the post `post_1`, and what a test says of it. */
export interface PublicationPlan {
  platform: Platform
  /** The account's id; one per platform by default. */
  account?: string
  /** What is known of it; left out: it was never read. */
  snapshot?: { metrics: object; payload?: unknown; sync_status?: string; error_message?: string }
  capturedAt?: string
}

/** Stores a post `post_1` with these publications, `pub_0` and so on. */
export async function fillPost(gateway: Gateway, plans: readonly PublicationPlan[]): Promise<void> {
  const accounts = new Map(plans.map((plan) => [accountOf(plan), plan.platform]))
  await fill(gateway, [
    ...[...accounts].map(([id, platform]) => ({
      ...{ type: 'account', id, platform, platform_account_id: id },
    })),
    { type: 'post', id: 'post_1', text: 'Hello' },
    ...plans.flatMap(recordsOf),
  ])
}

function accountOf({ platform, account }: PublicationPlan): string {
  return account ?? `acc_${platform}`
}

function recordsOf(plan: PublicationPlan, index: number): object[] {
  const id = `pub_${index}`
  const created_at = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString()
  const publication = {
    ...{ type: 'publication', id, post_id: 'post_1', account_id: accountOf(plan) },
    ...{ platform_post_id: `native_${index}`, content_type: 'text', created_at },
  }
  if (!plan.snapshot) return [publication]
  const captured_at = plan.capturedAt ?? '2026-06-29T08:00:00Z'
  return [publication, { type: 'snapshot', publication_id: id, captured_at, ...plan.snapshot }]
}
