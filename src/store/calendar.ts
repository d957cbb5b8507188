import { type RawBuilder, sql } from 'kysely'

/**
 * The first instant of a date in an IANA time zone, in SQL. `date` is an expression of the date's
 * midnight as its clock shows it, a timestamp without time zone; null where that is null.
 */
export function startOfDate(date: RawBuilder<unknown>, timeZone: string): RawBuilder<Date> {
  // Where the clock shows a midnight twice, PostgreSQL takes the later one: the one that the clock
  // of the day before counts to is the first. Where it shows none, both are the moment of the change.
  const midnight = sql`(${date} at time zone ${timeZone})`
  const dayBefore = sql`(${midnight} - interval '24 hours')`
  const offset = sql`(${dayBefore} at time zone ${timeZone} - ${dayBefore} at time zone 'UTC')`
  const counted = sql`((${date} - ${offset}) at time zone 'UTC')`
  return sql`case when ${counted} at time zone ${timeZone} = ${date}
    then least(${counted}, ${midnight}) else ${midnight} end`
}
