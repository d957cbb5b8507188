import { type RawBuilder, sql } from 'kysely'
import type { ContentType } from '../domain/content.ts'
import {
  type OverviewDimension,
  type OverviewGroup,
  type OverviewQuestion,
  type OverviewTotals,
  windowsOf,
} from '../domain/overview.ts'
import type { Platform } from '../domain/platform.ts'
import { startOfDate } from './calendar.ts'
import type { Db } from './connect.ts'
import { publicationMatches } from './publication-filter.ts'
import { TOTALS, type TotalsRow, toTotals } from './publication-totals.ts'

/** An overview's question, and which of its answers are wanted. Window 0 is the filter's own. */
export interface OverviewRequest extends OverviewQuestion {
  /** The windows whose totals are wanted. */
  totalsOf: readonly number[]
  /** The windows whose groups are wanted. */
  groupsOf: readonly number[]
}

/** What an overview tells, by window. A window that no publication lies in is left out. */
export interface OverviewRows {
  totals: Map<number, OverviewTotals>
  /** In no order; all windows' groups together are `groupsMax + 1` at most. */
  groups: Map<number, OverviewGroup[]>
}

type DimensionCells = { [Dimension in OverviewDimension]?: unknown } & {
  platform?: Platform
  account?: string
  contentType?: ContentType
  day?: Date
  week?: Date
  month?: Date
  weekday?: number
  hourOfDay?: number
}

interface OverviewRow {
  window: number
  isTotal: boolean
  rated: number | null
  shown: number | null
}

const DATES: readonly OverviewDimension[] = ['day', 'week', 'month']

// What an engagement rate is made of, of the publications that report both.
const SHOWN = sql`coalesce(publication.views, publication.impressions)`
const HAS_BOTH = sql`publication.engagement is not null and ${SHOWN} is not null`
const RATE_PARTS = sql`
  (sum(publication.engagement) filter (where ${HAS_BOTH}))::double precision as rated,
  (sum(${SHOWN}) filter (where ${HAS_BOTH}))::double precision as shown`

/**
 * Totals and groups of the publications that match, in one statement, whatever is wanted of them.
 * Sums are unknown where `publicationTotals` has them unknown.
 */
export async function publicationOverview(
  db: Db,
  workspaceId: string,
  request: OverviewRequest,
): Promise<OverviewRows> {
  const { rows } = await statementOf(workspaceId, request).execute(db)
  const [totals, groups] = [rows.filter((row) => row.isTotal), rows.filter((row) => !row.isTotal)]
  const byWindow = Map.groupBy(groups, (row) => row.window)
  return {
    totals: new Map(totals.map((row) => [row.window, toOverviewTotals(row)])),
    groups: new Map([...byWindow].map(([window, own]) => [window, own.map(toGroup)])),
  }
}

function statementOf(workspaceId: string, request: OverviewRequest) {
  const { totalsOf, groupsOf, groupsMax } = request
  const groupBy = groupsOf.length === 0 ? [] : request.groupBy
  const last = Math.max(0, ...totalsOf, ...groupsOf)
  const dimensions = groupBy.map((dimension) => {
    const name = sql.ref(`part.${dimension}`)
    const part = sql`${cellOf(dimension, request.timeZone)} as ${sql.id(dimension)}`
    const start = DATES.includes(dimension) ? startOfDate(name, request.timeZone) : name
    return { name, part, shown: sql`${start} as ${sql.id(dimension)}` }
  })
  const parts = dimensions.map(({ part }) => part)
  const names = dimensions.map(({ name }) => name)
  const shown = dimensions.map(({ shown }) => shown)
  const isTotal = names[0] ? sql`grouping(${names[0]}) = 1` : sql`true`
  const sets = [sql`("window")`, sql`(${sql.join([sql`"window"`, ...names])})`]
  return sql<OverviewRow & DimensionCells & TotalsRow>`
    select ${sql.join([sql`"window"`, sql`${isTotal} as "isTotal"`, ...shown])},
      ${TOTALS}, ${RATE_PARTS}
    from publication
    cross join lateral (
      select ${sql.join([sql`${windowOf(request, last)} as "window"`, ...parts])}
    ) as part
    where ${publicationMatches(workspaceId, widened(request, last))}
    group by grouping sets (${sql.join(names.length > 0 ? sets : sets.slice(0, 1))})
    having case when ${isTotal} then "window" = any(${totalsOf}::int[])
      else "window" = any(${groupsOf}::int[]) end
    limit ${totalsOf.length + groupsMax + 1}`
}

// The filter, from the beginning of the earliest window on.
function widened({ filter }: OverviewRequest, last: number): OverviewQuestion['filter'] {
  const windows = last === 0 ? null : windowsOf(filter)
  return windows === null ? filter : { ...filter, [windows.field]: windows.startOf(last) }
}

function windowOf({ filter }: OverviewRequest, last: number): RawBuilder<number> {
  const windows = last === 0 ? null : windowsOf(filter)
  if (windows === null) return sql`0`
  const starts = Array.from({ length: last + 1 }, (_, back) =>
    windows.startOf(last - back).toISOString(),
  )
  const at = sql.ref(`publication.${windows.field === 'from' ? 'created_at' : 'published_at'}`)
  return sql`${starts.length} - width_bucket(${at}, ${starts}::text[]::timestamptz[])`
}

function cellOf(dimension: OverviewDimension, timeZone: string): RawBuilder<unknown> {
  const clock = sql`(coalesce(publication.published_at, publication.created_at)
    at time zone ${timeZone})`
  switch (dimension) {
    case 'platform':
      return sql`publication.platform`
    case 'account':
      return sql`publication.account_id`
    case 'contentType':
      return sql`publication.content_type`
    case 'weekday':
      return sql`extract(isodow from ${clock})::int`
    case 'hourOfDay':
      return sql`extract(hour from ${clock})::int`
    default:
      return sql`date_trunc(${sql.lit(dimension)}, ${clock})`
  }
}

function toGroup(row: OverviewRow & DimensionCells & TotalsRow): OverviewGroup {
  const buckets = [row.day, row.week, row.month].filter((start) => start !== undefined)
  const latest = Math.max(...buckets.map((start) => start.getTime()))
  return {
    ...toOverviewTotals(row),
    platform: row.platform ?? null,
    accountId: row.account ?? null,
    contentType: row.contentType ?? null,
    bucket: buckets.length === 0 ? null : new Date(latest),
    weekday: row.weekday ?? null,
    hour: row.hourOfDay ?? null,
  }
}

function toOverviewTotals(row: OverviewRow & TotalsRow): OverviewTotals {
  const { rated, shown } = row
  const engagementRate = rated === null || !shown ? null : (rated * 100) / shown
  return { ...toTotals(row), engagementRate }
}
