import { CATALOG_VERSION } from '../domain/catalog/catalog.ts'
import type { ContentType } from '../domain/content.ts'
import { normalize } from '../domain/normalize.ts'
import type { Platform } from '../domain/platform.ts'
import type { Publication } from '../domain/publication.ts'
import type { SyncState } from '../domain/sync.ts'
import { nextDueAt } from '../refresh/cadence.ts'
import type { ImportedSnapshot } from '../store/import-snapshots.ts'
import type { Numbered, Problem } from './import-lines.ts'
import { mergedOver } from './import-merge.ts'
import { reported, type UnknownName, unknownNames, wrongNumbers } from './import-numbers.ts'
import { refer, type WorkspacePlan } from './import-plan.ts'
import { type IsThere, placeOf, type Stored, type WorkspaceRecords } from './import-stored.ts'

/** What a snapshot's numbers mean depends on what it is of. */
export interface Measured {
  subject: 'account' | 'publication'
  id: string
  platform: Platform
  /** Null for an account. */
  contentType: ContentType | null
  /** By which a publication's age counts; null for an account, and while nobody knows. */
  publishedAt: Date | null
}

/** What a snapshot is of, by the ids that it names; null: nothing whose numbers are understood. */
export type FindMeasured = (accountId: unknown, publicationId: unknown) => Measured | null

/** Tells what snapshots are of: what is stored and what the file says. */
export function measuredIn(stored: Stored, plan: WorkspacePlan, replace: boolean): FindMeasured {
  const kept = {
    accounts: [...stored.accounts.values()].map(toMeasuredAccount),
    publications: [...stored.publications.values()].map(toMeasuredPublication),
  }
  const given = {
    accounts: plan.accounts.map(({ id, record }) => toMeasuredAccount({ ...record, id })),
    publications: plan.publications.map(({ record, ...each }) =>
      toMeasuredPublication({ ...record, ...each }),
    ),
  }
  // Of what is stored and what the file says, the one that will be in the database comes last.
  const [first, last] = replace ? [kept, given] : [given, kept]
  const byId = (rows: Measured[]) => new Map<unknown, Measured>(rows.map((row) => [row.id, row]))
  const accounts = byId([...first.accounts, ...last.accounts])
  const publications = byId([...first.publications, ...last.publications])
  return (accountId, publicationId) =>
    accounts.get(accountId) ?? publications.get(publicationId) ?? null
}

function toMeasuredAccount({ id, platform }: { id: string; platform: Platform }): Measured {
  return { subject: 'account', id, platform, contentType: null, publishedAt: null }
}

function toMeasuredPublication(
  row: Pick<Publication, 'id' | 'platform' | 'contentType' | 'publishedAt'> & {
    createdAt: Date | null
  },
): Measured {
  return {
    subject: 'publication',
    id: row.id,
    platform: row.platform,
    contentType: row.contentType,
    publishedAt: row.publishedAt ?? row.createdAt,
  }
}

/** How long imported numbers count as fresh, which of two of one instant counts, and of what. */
export interface SnapshotOptions {
  staleAfterSeconds: number
  replace: boolean
  isThere: IsThere
  measured: FindMeasured
}

/** Snapshots ready to be stored, one for each subject and instant, and what is wrong with them. */
export interface PlannedSnapshots {
  snapshots: ImportedSnapshot[]
  problems: Problem[]
  unknownNames: UnknownName[]
}

/** Normalizes a workspace's snapshots and checks their numbers and what they are of. */
export function planSnapshots(
  records: WorkspaceRecords['snapshot'],
  stored: Stored,
  options: SnapshotOptions,
): PlannedSnapshots {
  const planned: PlannedSnapshots = { snapshots: [], problems: [], unknownNames: [] }
  const chosen = new Map<string, { numbered: Numbered<'snapshot'>; of: Measured }>()
  for (const numbered of records) {
    const { line, record } = numbered
    const context = { isThere: options.isThere, problems: planned.problems }
    refer(context, { line, member: 'account_id', type: 'account', id: record.accountId })
    const reference = { member: 'publication_id', type: 'publication' } as const
    refer(context, { line, ...reference, id: record.publicationId })
    const of = options.measured(record.accountId, record.publicationId)
    if (of === null) continue
    planned.problems.push(...wrongNumbers(line, record.metrics, of))
    planned.unknownNames.push(...unknownNames(line, record.metrics, of))
    const key = placeOf(of.subject, of.id, record.capturedAt.toISOString())
    const earlier = chosen.get(key)?.numbered
    if (!earlier) chosen.set(key, { numbered, of })
    else if (options.replace) chosen.set(key, { numbered: mergedOver(earlier, numbered), of })
  }
  planned.snapshots = [...chosen.values()].map(({ numbered, of }) =>
    toSnapshot(numbered, of, { ...options, stored }),
  )
  return planned
}

function toSnapshot(
  { record, given }: Numbered<'snapshot'>,
  of: Measured,
  options: SnapshotOptions & { stored: Stored },
): ImportedSnapshot {
  const { capturedAt, payload, metrics } = record
  const native = reported(metrics)
  const kept = replacedState(of, capturedAt, options)
  const staleAfter =
    record.staleAfter ??
    (given.has('staleAfter') ? null : kept?.staleAfter) ??
    new Date(capturedAt.getTime() + options.staleAfterSeconds * 1000)
  return {
    ...{
      subject: of.subject,
      subjectId: of.id,
      capturedAt,
      native,
      catalogVersion: CATALOG_VERSION,
    },
    metrics: of.contentType === null ? null : normalize(of.platform, of.contentType, native),
    payload: given.has('payload') ? payload : undefined,
    warnings: record.warnings ?? (given.has('warnings') ? [] : (kept?.warnings ?? [])),
    syncStatus:
      record.syncStatus ?? (given.has('syncStatus') ? null : kept?.syncStatus) ?? 'synced',
    errorMessage: given.has('errorMessage') ? record.errorMessage : (kept?.errorMessage ?? null),
    staleAfter,
    dueAt: of.subject === 'account' ? staleAfter : dueAfter(of, capturedAt),
    missing: {},
  }
}

function dueAfter({ publishedAt }: Measured, capturedAt: Date): Date {
  return nextDueAt({ publishedAt, createdAt: capturedAt }, capturedAt)
}

/** The state that a snapshot replaces, which is of the same instant; null: it is a new one. */
function replacedState(
  { subject, id }: Measured,
  capturedAt: Date,
  { replace, stored }: SnapshotOptions & { stored: Stored },
): SyncState | null {
  const rows = subject === 'account' ? stored.accounts : stored.publications
  const row = replace ? rows.get(id) : undefined
  return row?.lastUpdatedAt?.getTime() === capturedAt.getTime() ? row : null
}
