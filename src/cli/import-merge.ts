import type { Numbered } from './import-lines.ts'
import type { RecordType } from './import-record.ts'

/** A record as far as others of the same row count beside it. */
type Mergeable = Pick<Numbered, 'given'> & { record: object }

/** A record with the id that it gets or has. */
export type Identified<Type extends RecordType> = Numbered<Type> & { id: string }

/**
 * One record for each id: the first, or where records replace each other the last, with the members
 * that only earlier ones gave.
 */
export function oneForEachId<Row extends Mergeable & { id: string }>(
  rows: readonly Row[],
  { replace }: { replace: boolean },
): Row[] {
  const chosen = new Map<string, Row>()
  for (const row of rows) {
    const earlier = chosen.get(row.id)
    if (!earlier) chosen.set(row.id, row)
    else if (replace) chosen.set(row.id, mergedOver(earlier, row))
  }
  return [...chosen.values()]
}

/** The later record, with what it leaves out taken from the earlier one. */
export function mergedOver<Row extends Mergeable>(earlier: Row, later: Row): Row {
  const said = Object.entries(later.record).filter(([member]) => later.given.has(member))
  return {
    ...later,
    record: { ...earlier.record, ...Object.fromEntries(said) },
    given: new Set([...earlier.given, ...later.given]),
  }
}
