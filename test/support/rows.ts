import type { Metrics } from '../../src/domain/metric.ts'
import type { PageRequest } from '../../src/domain/page.ts'
import type { Db } from '../../src/store/connect.ts'
import { type NewConnection, upsertConnection } from '../../src/store/connections.ts'
import { metricCells, toMetrics } from '../../src/store/metric-columns.ts'
import {
  insertPublications,
  type NewPublication,
  type PublicationSyncOutcome,
} from '../../src/store/publication-writes.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'

/** The instant at which the rows of tests come to be. */
export const AT = new Date('2026-03-04T05:06:07.089Z')

/** An instant some milliseconds after `AT`. */
export const later = (milliseconds: number) => new Date(AT.getTime() + milliseconds)

/** The beginning of a list. */
export const FIRST_PAGE: PageRequest = { limit: 50, after: null, before: null, backwards: false }

/** Thirteen unknown numbers, but for those given. */
export function metrics(known: Partial<Metrics> = {}): Metrics {
  return { ...toMetrics(metricCells(null)), ...known }
}

/** Makes a workspace with one connected account, whose id is `account`. */
export async function addWorkspace(db: Db, id: string): Promise<void> {
  await insertWorkspace(db, {
    id,
    name: `Workspace ${id}`,
    refreshCooldownHours: null,
    refreshMonthlyQuota: null,
    createdAt: AT,
  })
  await upsertConnection(db, id, connection())
}

/** Connects more accounts, with these ids. */
export async function addAccounts(db: Db, workspaceId: string, ids: string[]): Promise<void> {
  for (const id of ids) {
    await upsertConnection(
      db,
      workspaceId,
      connection({ id, platformAccountId: `on-platform-${id}` }),
    )
  }
}

/** A connection with everything that it takes, but for what is given. */
export function connection(given: Partial<NewConnection> = {}): NewConnection {
  return {
    id: 'account',
    platform: 'x',
    platformAccountId: '2244994945',
    handle: 'weir',
    displayName: null,
    avatarUrl: null,
    scopes: ['tweet.read'],
    connectedAt: AT,
    accessToken: 'sealed access',
    refreshToken: 'sealed refresh',
    tokenExpiresAt: null,
    ...given,
  }
}

/** A publication of the account `account`, but for what is given. */
export function publication(given: Partial<NewPublication> & { id: string }): NewPublication {
  return {
    postId: null,
    accountId: 'account',
    platform: 'x',
    platformPostId: `on-platform-${given.id}`,
    url: null,
    text: null,
    contentType: 'text',
    thumbnailUrl: null,
    durationSeconds: null,
    createdAt: AT,
    publishedAt: null,
    ...given,
  }
}

/** Records publications with these ids. */
export async function addPublications(db: Db, workspaceId: string, ids: string[]): Promise<void> {
  await insertPublications(
    db,
    workspaceId,
    ids.map((id) => publication({ id })),
  )
}

/** A refresh of a publication that went well, but for what is given. */
export function outcome(
  given: Partial<PublicationSyncOutcome> & { id: string },
): PublicationSyncOutcome {
  return {
    syncStatus: 'synced',
    warnings: [],
    errorMessage: null,
    lastUpdatedAt: AT,
    staleAfter: later(1000),
    missing: {},
    native: {},
    payload: {},
    catalogVersion: 1,
    metrics: metrics(),
    content: null,
    ...given,
  }
}
