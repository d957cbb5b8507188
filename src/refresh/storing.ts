import { CATALOG_VERSION } from '../domain/catalog/catalog.ts'
import { isVideoContent } from '../domain/content.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import type { SyncState } from '../domain/sync.ts'
import { type NewChange, recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { storeAccountOutcome } from '../store/connections.ts'
import type { KnownPartitions } from '../store/partitions.ts'
import {
  insertPublications,
  type NewPublication,
  storePublicationOutcomes,
} from '../store/publication-writes.ts'
import { publicationsByPlatformPostIds } from '../store/publications.ts'
import { insertSnapshots, type NewSnapshot } from '../store/snapshots.ts'
import type { SyncOutcome } from '../store/sync-state.ts'
import { insertVideos } from '../store/videos.ts'
import type { Writes } from '../store/writes.ts'
import type { ConcludedPublication, Conclusion, Evidence, PublicationRow } from './conclusion.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { isChanged, secondsAfter } from './policy.ts'

/** What storing needs. */
export interface StoringDependencies extends Pick<RefreshDependencies, 'newId' | 'limits'> {
  /** The partitions of snapshots that whoever runs refreshes knows to be there. */
  partitions?: KnownPartitions
}

/**
 * The rows of what a run found, by the platform's post id; content that has none gets one.
 * Somebody may have recorded the same content meanwhile: then theirs is the row.
 */
export async function ensureRows(
  deps: StoringDependencies,
  transaction: Db,
  evidence: Omit<Evidence, 'rows'>,
  known: readonly Publication[],
): Promise<Map<string, PublicationRow>> {
  const rows = new Map<string, PublicationRow>(known.map((row) => [row.platformPostId, row]))
  const found = discoveredContent(deps, evidence, rows)
  if (found.length === 0) return rows
  const { workspaceId, id: accountId } = evidence.account
  const inserted = new Set(await insertPublications(transaction, workspaceId, found))
  for (const each of found) if (inserted.has(each.id)) rows.set(each.platformPostId, newRow(each))
  const left = found.filter(({ id }) => !inserted.has(id)).map((each) => each.platformPostId)
  if (left.length === 0) return rows
  const others = await publicationsByPlatformPostIds(transaction, workspaceId, left)
  for (const other of others) {
    if (other.accountId === accountId) rows.set(other.platformPostId, other)
  }
  return rows
}

// Oldest first, so that ids, which are made in order, are in the order of the content.
function discoveredContent(
  { newId }: StoringDependencies,
  { account, findings, moment }: Omit<Evidence, 'rows'>,
  rows: ReadonlyMap<string, PublicationRow>,
): NewPublication[] {
  return [...findings.publications].reverse().flatMap(([platformPostId, { content }]) => {
    if (content === null || rows.has(platformPostId)) return []
    const { id: accountId, platform } = account
    const about = { accountId, platform, platformPostId, postId: null, createdAt: moment.now }
    return [{ ...content, ...about, id: newId(), dueAt: moment.now }]
  })
}

function newRow(publication: NewPublication): PublicationRow {
  return {
    ...publication,
    timesGone: 0,
    syncStatus: 'pending',
    warnings: [],
    errorMessage: null,
    lastUpdatedAt: null,
    staleAfter: null,
    missing: {},
    native: {},
  }
}

/** Writes what the rows become, and a snapshot of every reading that says something new. */
export async function storeConclusion(
  deps: StoringDependencies,
  { transaction, writes }: { transaction: Db; writes: Writes },
  { account, moment }: Pick<Evidence, 'account' | 'moment'>,
  conclusion: Conclusion,
): Promise<void> {
  const { workspaceId, id } = account
  const { publications } = conclusion
  const outcomes = publications.map(({ outcome }) => outcome)
  await storePublicationOutcomes(writes, workspaceId, outcomes)
  await insertVideos(writes, workspaceId, newVideos(deps, publications))
  if (conclusion.account) await storeAccountOutcome(writes, workspaceId, id, conclusion.account)
  const measured = [
    ...measuredPublications(publications),
    ...measuredAccount(account, conclusion.account),
  ]
  const { changed, same } = snapshotsOf(measured, moment.now)
  // Of numbers that did not change, one snapshot a day is enough.
  const since = secondsAfter(moment.now, -deps.limits.snapshotEverySeconds)
  const repeats = { snapshots: same, since }
  const { partitions } = deps
  await insertSnapshots(transaction, workspaceId, changed, { repeats, to: writes, partitions })
}

// Also for content that turned out to be a video only now. Those that have a record keep it.
function newVideos({ newId }: StoringDependencies, publications: readonly ConcludedPublication[]) {
  return publications
    .filter(({ row, contentType }) => isVideoContent(contentType) && isUnread(row))
    .map(({ row }) => ({ id: newId(), videoId: row.platformPostId, publicationId: row.id }))
}

function isUnread(row: PublicationRow): boolean {
  return row.lastUpdatedAt === null || row.contentType === 'other'
}

interface MeasuredRow {
  before: SyncState
  snapshot: Omit<NewSnapshot, 'capturedAt'>
}

function measuredPublications(publications: readonly ConcludedPublication[]): MeasuredRow[] {
  return publications.flatMap(({ row, outcome: { native, metrics } }) =>
    native === null ? [] : [measuredRow('publication', row, { native, metrics })],
  )
}

function measuredAccount(
  account: Evidence['account'],
  outcome: Pick<SyncOutcome, 'native'> | null,
): MeasuredRow[] {
  const native = outcome?.native ?? null
  return native === null ? [] : [measuredRow('account', account, { native, metrics: null })]
}

function measuredRow(
  subject: NewSnapshot['subject'],
  before: SyncState & { id: string },
  numbers: Pick<NewSnapshot, 'native' | 'metrics'>,
): MeasuredRow {
  const snapshot = { ...numbers, subject, subjectId: before.id, catalogVersion: CATALOG_VERSION }
  return { before, snapshot }
}

// Of no numbers, no snapshot is kept, unless there were some before.
function snapshotsOf(measured: readonly MeasuredRow[], capturedAt: Date) {
  const isNew = ({ before, snapshot }: MeasuredRow) => isChanged(before.native, snapshot.native)
  const isSame = (row: MeasuredRow) => !isNew(row) && Object.keys(row.snapshot.native).length > 0
  const toSnapshot = ({ snapshot }: MeasuredRow): NewSnapshot => ({ ...snapshot, capturedAt })
  return {
    changed: measured.filter(isNew).map(toSnapshot),
    same: measured.filter(isSame).map(toSnapshot),
  }
}

/** Notes the rows that are others than before, and what became of the refresh. Comes last. */
export async function recordConclusion(
  transaction: Db,
  { account, refresh, moment }: Pick<Evidence, 'account' | 'refresh' | 'moment'>,
  conclusion: Conclusion,
): Promise<void> {
  const { workspaceId } = account
  const isAccountNews = conclusion.account && isNews(account, conclusion.account)
  const changed = conclusion.publications.filter(({ row, outcome }) => isNews(row, outcome))
  const videos = changed.filter(({ contentType }) => isVideoContent(contentType))
  const changes: NewChange[] = [
    ...(isAccountNews ? [{ subject: 'account' as const, subjectId: account.id }] : []),
    ...changed.map(({ row }) => ({ subject: 'publication' as const, subjectId: row.id })),
  ]
  const videosOf = videos.map(({ row }) => row.id)
  const noted = { changes, videosOf, refreshes: [refresh] }
  await recordChanges(transaction, workspaceId, moment.now, noted)
}

function isNews(before: SyncState, after: Omit<SyncOutcome, 'id'>): boolean {
  return (
    before.lastUpdatedAt === null ||
    before.syncStatus !== after.syncStatus ||
    before.errorMessage !== after.errorMessage ||
    before.warnings.join('\n') !== after.warnings.join('\n') ||
    (after.native !== null && isChanged(before.native, after.native))
  )
}

/** What a refresh that ends has as its status. */
export function endStatus({
  updated,
  failed,
  errorMessage,
}: Pick<Refresh, 'updated' | 'failed' | 'errorMessage'>): 'succeeded' | 'partial' | 'failed' {
  if (failed === 0 && errorMessage === null) return 'succeeded'
  return updated > 0 ? 'partial' : 'failed'
}
