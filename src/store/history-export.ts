import { type RawBuilder, sql } from 'kysely'
import type { ExportedPoint, HistoryExport } from '../domain/export.ts'
import type { NativeNumbers } from '../domain/metric.ts'
import type { Platform } from '../domain/platform.ts'
import type { Db } from './connect.ts'
import { pointsOf } from './history.ts'
import { METRIC_COLUMN_NAMES, toMetrics } from './metric-columns.ts'
import { publicationMatches } from './publication-filter.ts'
import { anyOf } from './rows.ts'
import type { MetricColumns } from './schema.ts'

/** How far an export of histories has come. */
export interface HistoryPlace {
  /** When the publication was recorded; null: it is an account. */
  since: Date | null
  /** The publication's or the account's id. Subjects are in the order of both. */
  id: string
  /** The last point that was read of it, and its reading; null: all of its points were. */
  last: { at: Date; capturedAt: Date } | null
}

/** Where an export goes on, and how much one statement reads. */
export interface HistoryPageRequest {
  /** Null: at the beginning. */
  after: HistoryPlace | null
  /** The most subjects. */
  subjects: number
  /** The most points. */
  points: number
}

/** Some points of an export, in order. */
export interface HistoryPage {
  points: ExportedPoint[]
  /** How many subjects they are of, those without points included. */
  subjects: number
  /** Where it goes on; null: this was the end. */
  next: HistoryPlace | null
}

/**
 * One page of the histories of many subjects, in one statement: accounts by id, others in
 * the order in which they were recorded, and the oldest point of each first. A history that does not fit goes on in the next.
 */
export async function exportedHistories(
  db: Db,
  workspaceId: string,
  wanted: HistoryExport,
  request: HistoryPageRequest,
): Promise<HistoryPage> {
  const { rows } = await statementOf(workspaceId, wanted, request).execute(db)
  const subjects = new Set(rows.map((row) => row.owner_id)).size
  const points = withoutRepeated(rows.filter(isPoint), request.after)
  const next = nextPlace(rows, subjects, request)
  return { points: points.map((row) => toPoint(row, wanted)), subjects, next }
}

interface OwnerRow {
  since: Date | null
  owner_id: string
  id: string
  account_id: string
  handle: string | null
  platform: Platform
}

type PointRow = OwnerRow & MetricColumns & { at: Date; captured_at: Date; native: NativeNumbers }

// A subject without points has a row of its own.
type Row = PointRow | (OwnerRow & { at: null; captured_at: null })

function isPoint(row: Row): row is PointRow {
  return row.at !== null
}

// The sort sees as many rows as the subjects have points: how many subjects a statement takes is up
// to the caller, who knows how many points the ones before had.
function statementOf(
  workspaceId: string,
  wanted: HistoryExport,
  { after, subjects, points }: HistoryPageRequest,
): RawBuilder<Row> {
  const { from, to, subject } = wanted
  const { owners, place } = OWNERS[subject](workspaceId, wanted)
  const isWanted = after === null ? sql`true` : place(after)
  const goesOn = new Date((after?.last?.capturedAt.getTime() ?? 0) + 1)
  const isBegun = sql`owner_id = ${after?.last ? after.id : ''}`
  const readings = sql`snapshot
    where snapshot.workspace_id = ${workspaceId}
      and snapshot.subject = ${sql.lit(subject === 'account' ? subject : 'publication')}
      and snapshot.subject_id = owner.owner_id
      and snapshot.captured_at between ${from} and ${to}
      and snapshot.captured_at >= owner.first_at`
  const columns = [...METRIC_COLUMN_NAMES, 'native']
  return sql`
    with found as materialized (${owners} and ${isWanted} order by since, owner_id
      limit ${subjects}),
    owner as (select found.*, case when ${isBegun} then ${goesOn}::timestamptz
      else ${from}::timestamptz end as first_at from found)
    select owner.*, point.* from owner
    left join lateral (${pointsOf(readings, columns, { ...wanted, limit: points })}) as point
      on true
    order by since, owner_id, captured_at limit ${points}`
}

interface Owners {
  /** The statement that finds them, up to its conditions. */
  owners: RawBuilder<unknown>
  /** What those that come after a place meet; of one whose history goes on, itself as well. */
  place(after: HistoryPlace): RawBuilder<unknown>
}

const OWNERS: Record<
  HistoryExport['subject'],
  (workspaceId: string, wanted: HistoryExport) => Owners
> = {
  account: (workspaceId, { ids, filter: { platform } }) => ({
    owners: sql`
      select null::timestamptz as since, id as owner_id, id, id as account_id, handle, platform
      from account where workspace_id = ${workspaceId}
        and ${ids ? sql`id = ${anyOf(ids)}` : sql`true`}
        and ${platform ? sql`platform = ${platform}` : sql`true`}`,
    place: ({ id, last }) => sql`id ${last ? sql`>=` : sql`>`} ${id}`,
  }),
  publication: (workspaceId, wanted) =>
    publicationsWith(sql.ref('publication.id'), workspaceId, wanted, sql``),
  video: (workspaceId, wanted) =>
    publicationsWith(
      sql.ref('video.id'),
      workspaceId,
      wanted,
      sql`join video on video.workspace_id = publication.workspace_id
        and video.publication_id = publication.id`,
    ),
}

// In the order of the index of a workspace's publications, or of an account's, by their recording.
function publicationsWith(
  id: RawBuilder<unknown>,
  workspaceId: string,
  { ids, filter }: HistoryExport,
  join: RawBuilder<unknown>,
): Owners {
  return {
    owners: sql`
      select publication.created_at as since, publication.id as owner_id, ${id} as id,
        publication.account_id, account.handle, publication.platform
      from publication ${join}
      join account on account.workspace_id = publication.workspace_id
        and account.id = publication.account_id
      where ${publicationMatches(workspaceId, filter)}
        and ${ids ? sql`${id} = ${anyOf(ids)}` : sql`true`}`,
    place: ({ since, id: last, last: point }) =>
      sql`(publication.created_at, publication.id) ${point ? sql`>=` : sql`>`} (${since}, ${last})`,
  }
}

function nextPlace(
  rows: readonly Row[],
  subjects: number,
  request: HistoryPageRequest,
): HistoryPlace | null {
  const row = rows.at(-1)
  if (row === undefined) return null
  const { since, owner_id: id } = row
  if (rows.length === request.points) {
    return { since, id, last: isPoint(row) ? { at: row.at, capturedAt: row.captured_at } : null }
  }
  return subjects === request.subjects ? { since, id, last: null } : null
}

// A reading that was stored since the last page can make the stretch that ended it go on.
function withoutRepeated(
  points: readonly PointRow[],
  after: HistoryPlace | null,
): readonly PointRow[] {
  const [first] = points
  const isRepeated =
    first?.owner_id === after?.id && first?.at.getTime() === after?.last?.at.getTime()
  return isRepeated ? points.slice(1) : points
}

function toPoint(row: PointRow, { subject }: HistoryExport): ExportedPoint {
  const isAccount = subject === 'account'
  return {
    id: row.id,
    publicationId: isAccount ? null : row.owner_id,
    accountId: row.account_id,
    accountHandle: row.handle,
    platform: row.platform,
    at: row.at,
    metrics: isAccount ? null : toMetrics(row),
    native: row.native,
  }
}
