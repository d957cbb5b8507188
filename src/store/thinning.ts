import { type RawBuilder, sql } from 'kysely'
import { EARLIEST_MS } from '../domain/clock.ts'
import { DECAY_HOURS } from '../domain/decay.ts'
import type { Db } from './connect.ts'
import type { SnapshotSubject } from './snapshots.ts'

/** The time whose snapshots become one a day, without its end. */
export interface ThinnedTime {
  from: Date
  until: Date
}

/** A reading's place among those of a workspace. */
export interface SnapshotPlace {
  subject: SnapshotSubject
  subjectId: string
  capturedAt: Date
}

/** A part of a walk through the snapshots of a time within one month. */
export interface ThinStep {
  from: Date
  to: Date
  /** Where it begins, with the reading that is there; null: with the first. */
  at: SnapshotPlace | null
  /** How many readings it looks at, two at least. */
  limit: number
  /** Whether it only counts. */
  isDry: boolean
}

/** What came of a part of a walk. */
export interface ThinnedStep {
  /** Where the next part begins; null: there is none. */
  next: SnapshotPlace | null
  /** How many readings are gone, or would be. */
  thinned: number
  /** How many should be gone, and somebody holds them. */
  left: number
}

/** What is still to be thinned of a workspace until an instant; null: nothing. */
export async function timeToThin(
  db: Db,
  workspaceId: string,
  until: Date,
): Promise<ThinnedTime | null> {
  const row = await db
    .selectFrom('workspace')
    .select(['snapshots_daily_until as done', 'snapshots_thinned_from as begun'])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  if (!row) return null
  const { done, begun } = row
  const from = done === null ? new Date(EARLIEST_MS) : begun !== null && begun < done ? begun : done
  return from < until ? { from, until } : null
}

/** Notes that a time is being thinned: if that breaks off, all of it is to be thinned still. */
export async function beginThinning(
  db: Db,
  workspaceId: string,
  { from, until }: ThinnedTime,
): Promise<void> {
  await db
    .updateTable('workspace')
    .set({ snapshots_daily_until: until, snapshots_thinned_from: from })
    .where('workspace_id', '=', workspaceId)
    .execute()
}

/** Notes that a time is thinned, unless older snapshots were imported meanwhile. */
export async function endThinning(
  db: Db,
  workspaceId: string,
  { from, until }: ThinnedTime,
): Promise<void> {
  await db
    .updateTable('workspace')
    .set({ snapshots_thinned_from: null })
    .where('workspace_id', '=', workspaceId)
    .where('snapshots_daily_until', '=', until)
    .where('snapshots_thinned_from', '=', from)
    .execute()
}

/** Has the day of an instant, and all later ones, thinned again: snapshots of it were imported. */
export async function thinAgainFrom(db: Db, workspaceId: string, at: Date): Promise<void> {
  await sql`
    update workspace set snapshots_daily_until = date_trunc('day', ${at}::timestamptz, 'UTC')
    where workspace_id = ${workspaceId} and snapshots_daily_until > ${at}`.execute(db)
}

// By which `Publication.decay` tells what had become of it at its ages.
const TELLS_DECAY = sql`exists (
  select from unnest(${sql.lit(`{${DECAY_HOURS.join(',')}}`)}::integer[]) as age (hours)
  where publication.published_at + age.hours * interval '1 hour' >= captured_at
    and publication.published_at + age.hours * interval '1 hour' < next_at)`

/**
 * Deletes the readings of a workspace that a later one of the same UTC day follows. Those stay that
 * tell the decay of a publication. In the order of subjects, so that a reading's next one is known.
 */
export async function thinStep(db: Db, workspaceId: string, step: ThinStep): Promise<ThinnedStep> {
  const { rows } = await sql<StepRow>`
    with walked as materialized (${walkedReadings(workspaceId, step)}), followed as (
      select *, lead(captured_at) over (
        partition by subject, subject_id order by captured_at) as next_at
      from walked
    ), doomed as materialized (
      select followed.* from followed left join publication
        on followed.subject = 'publication' and publication.workspace_id = ${workspaceId}
        and publication.id = followed.subject_id
      where next_at < date_trunc('day', captured_at, 'UTC') + interval '24 hours'
        and not ${TELLS_DECAY}
    ), gone as (${step.isDry ? sql`select from doomed` : deleteDoomed(workspaceId, step)})
    select last.*, (select count(*) from walked) as walked,
      (select count(*) from doomed) as doomed, (select count(*) from gone) as gone
    from (select 1) as always left join (
      select * from walked order by subject desc, subject_id desc, captured_at desc limit 1
    ) as last on true`.execute(db)
  const [found] = rows
  if (!found) return { next: null, thinned: 0, left: 0 }
  const { subject, subject_id: subjectId, captured_at: capturedAt, doomed, gone } = found
  const next = found.walked < step.limit ? null : { subject, subjectId, capturedAt }
  return { next, thinned: gone, left: doomed - gone }
}

interface StepRow {
  subject: SnapshotSubject
  subject_id: string
  captured_at: Date
  walked: number
  doomed: number
  gone: number
}

function walkedReadings(workspaceId: string, { from, to, at, limit }: ThinStep) {
  const isWithin = isBetween('captured_at', from, to)
  const isThere =
    at === null
      ? sql`true`
      : sql`(subject, subject_id, captured_at) >= (${at.subject}, ${at.subjectId}, ${at.capturedAt})`
  return sql`
    select subject, subject_id, captured_at from snapshot
    where workspace_id = ${workspaceId} and ${isWithin} and ${isThere}
    order by subject, subject_id, captured_at limit ${limit}`
}

// Whoever writes one of them at the moment could wait for another one that is deleted here.
function deleteDoomed(workspaceId: string, { from, to }: ThinStep): RawBuilder<unknown> {
  const isSame = (one: string, other: string) => {
    const names = ['subject', 'subject_id', 'captured_at']
    const pairs = names.map(
      (name) => sql`${sql.ref(`${one}.${name}`)} = ${sql.ref(`${other}.${name}`)}`,
    )
    return sql.join(pairs, sql` and `)
  }
  return sql`
    delete from snapshot using (
      select kept.subject, kept.subject_id, kept.captured_at
      from doomed join snapshot as kept on ${isSame('kept', 'doomed')}
      where kept.workspace_id = ${workspaceId} and ${isBetween('kept.captured_at', from, to)}
      for update of kept skip locked
    ) as mine
    where snapshot.workspace_id = ${workspaceId} and ${isBetween('snapshot.captured_at', from, to)}
      and ${isSame('snapshot', 'mine')}
    returning 1`
}

// So that the month's partition is the only one that is looked into.
function isBetween(column: string, from: Date, to: Date): RawBuilder<unknown> {
  return sql`${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${to}`
}
