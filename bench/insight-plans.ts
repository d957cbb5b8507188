import { CompiledQuery } from 'kysely'
import type { Db } from '../src/store/connect.ts'

/** A statement as it was sent to the database. */
export interface Sent {
  sql: string
  parameters: readonly unknown[]
}

/** What a plan reads. */
export interface Reads {
  /** Indexes, those of partitions as one. */
  indexes: string[]
  /** Tables of publications or snapshots that are read from end to end. */
  wholeTables: string[]
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Plans?: PlanNode[]
}

const WATCHED = /^(publication|snapshot|snapshot_\d{4}_\d{2})$/
const MONTH = /_\d{4}_\d{2}_/

/** What PostgreSQL would read for a statement with just these parameters. */
export async function readsOf(db: Db, { sql, parameters }: Sent): Promise<Reads> {
  const explain = CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters])
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(explain)
  const nodes = rows.flatMap((row) => row['QUERY PLAN']).flatMap(({ Plan }) => withChildren(Plan))
  const indexes = nodes.map((node) => node['Index Name']).filter((name) => name !== undefined)
  const scans = nodes.filter((node) => node['Node Type'] === 'Seq Scan')
  const tables = scans.map((node) => node['Relation Name'] ?? '')
  return {
    indexes: [...new Set(indexes.map((name) => name.replace(MONTH, '_*_')))],
    wholeTables: tables.filter((table) => WATCHED.test(table)),
  }
}

function withChildren(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(withChildren)]
}
