import type { Retention } from '../refresh/retention.ts'
import { integer, type Variable } from './variable.ts'

const DAYS_MAX = 36_500

// The partition of last month has to be there for readings that a refresh brings late.
const SNAPSHOT_DAYS_MIN = 31

// Refreshes count in a month's quota for as long as the month goes on.
const REFRESH_DAYS_MIN = 62

const DAILY_AFTER = integer('WEIR_SNAPSHOT_DAILY_AFTER_DAYS', [1, DAYS_MAX], null)
const KEEP = integer('WEIR_SNAPSHOT_KEEP_DAYS', [SNAPSHOT_DAYS_MIN, DAYS_MAX], null)
const KEEP_REFRESHES = integer('WEIR_REFRESH_KEEP_DAYS', [REFRESH_DAYS_MIN, DAYS_MAX], null)

/** The variables that say what is not kept for ever. */
export const RETENTION_VARIABLES: readonly Variable<number | null>[] = [
  ...[DAILY_AFTER, KEEP, KEEP_REFRESHES],
]

/** What is not kept for ever, as the variables have it. */
export function retentionIn(
  value: (variable: Variable<number | null>) => number | null,
): Retention {
  return {
    snapshotDailyAfterDays: value(DAILY_AFTER),
    snapshotKeepDays: value(KEEP),
    refreshKeepDays: value(KEEP_REFRESHES),
  }
}
