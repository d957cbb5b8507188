import { CATALOG_VERSION, metricsOf } from '../domain/catalog/catalog.ts'
import type { ContentType } from '../domain/content.ts'
import type { MetricSubject, NativeNumbers } from '../domain/metric.ts'
import { normalize } from '../domain/normalize.ts'
import type { Platform } from '../domain/platform.ts'
import type { ImportedSnapshot } from '../store/import-snapshots.ts'
import type { Numbered, Problem } from './import-lines.ts'
import { unknown, type WorkspacePlan } from './import-plan.ts'
import type { ImportRecord } from './import-record.ts'
import { placeOf, type Stored, type WorkspaceRecords } from './import-stored.ts'

/** How long imported numbers count as fresh, and which of two of one instant counts. */
export interface SnapshotOptions {
  staleAfterSeconds: number
  replace: boolean
}

/** What a snapshot's numbers mean depends on what it is of. */
interface Measured {
  subject: 'account' | 'publication'
  id: string
  platform: Platform
  /** Null for an account. */
  contentType: ContentType | null
}

/** Snapshots ready to be stored, one for each subject and instant, and what is wrong with them. */
export interface PlannedSnapshots {
  snapshots: ImportedSnapshot[]
  problems: Problem[]
}

/** Normalizes a workspace's snapshots and checks what they are of. */
export function planSnapshots(
  records: WorkspaceRecords['snapshot'],
  stored: Stored,
  plan: WorkspacePlan,
  options: SnapshotOptions,
): PlannedSnapshots {
  const measured = measuredIn(stored, plan, options)
  const chosen = new Map<string, ImportedSnapshot>()
  const problems: Problem[] = []
  for (const numbered of records) {
    const found = subjectOf(numbered, measured)
    if ('problem' in found) {
      problems.push(found)
      continue
    }
    problems.push(...wrongNumbers(numbered, found))
    const key = placeOf(found.subject, found.id, numbered.record.capturedAt.toISOString())
    if (options.replace || !chosen.has(key))
      chosen.set(key, toSnapshot(numbered.record, found, options))
  }
  return { snapshots: [...chosen.values()], problems }
}

interface MeasuredByIds {
  accounts: Map<string, Measured>
  publications: Map<string, Measured>
}

function measuredIn(
  stored: Stored,
  plan: WorkspacePlan,
  { replace }: SnapshotOptions,
): MeasuredByIds {
  const kept = {
    accounts: [...stored.accounts.values()].map(toMeasuredAccount),
    publications: [...stored.publications.values()].map(toMeasuredPublication),
  }
  const given = {
    accounts: plan.accounts.map(({ id, record }) => toMeasuredAccount({ ...record, id })),
    publications: plan.publications.map(toMeasuredPublication),
  }
  // Of what is stored and what the file says, the one that will be in the database comes last.
  const [first, last] = replace ? [kept, given] : [given, kept]
  const byId = (rows: Measured[]) => new Map(rows.map((row) => [row.id, row]))
  return {
    accounts: byId([...first.accounts, ...last.accounts]),
    publications: byId([...first.publications, ...last.publications]),
  }
}

function toMeasuredAccount({ id, platform }: { id: string; platform: Platform }): Measured {
  return { subject: 'account', id, platform, contentType: null }
}

function toMeasuredPublication(row: {
  id: string
  platform: Platform
  contentType: ContentType
}): Measured {
  return {
    subject: 'publication',
    id: row.id,
    platform: row.platform,
    contentType: row.contentType,
  }
}

function subjectOf({ line, record }: Numbered<'snapshot'>, all: MeasuredByIds): Measured | Problem {
  const { accountId, publicationId } = record
  if ((accountId === null) === (publicationId === null)) {
    return { line, member: 'account_id', problem: 'or publication_id is required, one of the two' }
  }
  if (accountId !== null) {
    return all.accounts.get(accountId) ?? unknown(line, 'account_id', 'account', accountId)
  }
  const id = publicationId ?? ''
  return all.publications.get(id) ?? unknown(line, 'publication_id', 'publication', id)
}

// Counts that the catalogue knows are whole; a key that it does not know may be anything.
function wrongNumbers({ line, record }: Numbered<'snapshot'>, measured: Measured): Problem[] {
  const subjects: MetricSubject[] = measured.subject === 'account' ? ['account'] : ['post', 'video']
  const decimals = Object.entries(record.metrics).filter(
    ([, value]) => value !== null && !Number.isInteger(value),
  )
  if (decimals.length === 0) return []
  const counts = subjects
    .flatMap((subject) => metricsOf(measured.platform, subject))
    .filter(({ kind }) => kind === 'count')
  return decimals
    .filter(([name]) => counts.some((metric) => metric.name === name))
    .map(([name]) => ({ line, member: `metrics.${name}`, problem: 'must be a whole number' }))
}

function toSnapshot(
  record: ImportRecord<'snapshot'>,
  { subject, id, platform, contentType }: Measured,
  { staleAfterSeconds }: SnapshotOptions,
): ImportedSnapshot {
  const { capturedAt, payload, warnings, syncStatus, errorMessage, staleAfter } = record
  const native = reported(record.metrics)
  return {
    subject,
    subjectId: id,
    capturedAt,
    native,
    metrics: contentType === null ? null : normalize(platform, contentType, native),
    catalogVersion: CATALOG_VERSION,
    payload,
    warnings: warnings ?? [],
    syncStatus: syncStatus ?? 'synced',
    errorMessage,
    staleAfter: staleAfter ?? new Date(capturedAt.getTime() + staleAfterSeconds * 1000),
    missing: {},
  }
}

function reported(metrics: Record<string, number | null>): NativeNumbers {
  const entries = Object.entries(metrics).filter(([, value]) => value !== null)
  return Object.fromEntries(entries) as Record<string, number>
}
