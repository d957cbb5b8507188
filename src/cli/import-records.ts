import type { NewId } from '../domain/clock.ts'
import type { TokenCipher } from '../domain/secrets.ts'
import type { Db } from '../store/connect.ts'
import { importWorkspaces } from '../store/import-rows.ts'
import { workspaceById } from '../store/workspaces.ts'
import type { Numbered, ParsedFile, Problem } from './import-lines.ts'
import { oneForEachId, planWorkspace } from './import-plan.ts'
import type { RecordType } from './import-record.ts'
import { planSnapshots } from './import-snapshots.ts'
import { storedFor, type WorkspaceRecords } from './import-stored.ts'
import { type StoredCounts, type Writing, writeWorkspace } from './import-write.ts'

/** What storing records takes. */
export interface ImportRecordsOptions {
  now: Date
  newId: NewId
  cipher: TokenCipher
  /** How long imported numbers count as fresh, unless the record says. */
  staleAfterSeconds: number
  /** Whether records overwrite rows with the same id. */
  replace: boolean
}

/** How many records of each type were written, and how many were there already. */
export type ImportCounts = Record<RecordType, { stored: number; skipped: number }>

/** What came of an import: counts, or null and why. */
export interface ImportOutcome {
  counts: ImportCounts | null
  /** By line. */
  problems: Problem[]
}

/** Stores all records of a file in one transaction, or none when there is any problem. */
export async function importRecords(
  db: Db,
  parsed: ParsedFile,
  options: ImportRecordsOptions,
): Promise<ImportOutcome> {
  return db.transaction().execute(async (transaction) => {
    const planned = await planAll(transaction, parsed, options)
    const problems = [...parsed.problems, ...planned.problems].sort((a, b) => a.line - b.line)
    if (problems.length > 0) return { counts: null, problems }
    const counts = await writeAll(transaction, parsed, planned.writings, options)
    return { counts, problems }
  })
}

interface Planned {
  /** By workspace. */
  writings: Map<string, Writing>
  problems: Problem[]
}

async function planAll(
  db: Db,
  parsed: ParsedFile,
  options: ImportRecordsOptions,
): Promise<Planned> {
  const planned: Planned = { writings: new Map(), problems: [] }
  const made = new Set(parsed.records.workspace.map(({ record }) => record.id))
  for (const [workspaceId, records] of byWorkspace(parsed.records)) {
    if (!made.has(workspaceId) && (await workspaceById(db, workspaceId)) === null) {
      planned.problems.push(...withoutWorkspace(workspaceId, records))
      continue
    }
    const stored = await storedFor(db, workspaceId, records)
    const plan = planWorkspace(records, stored, options)
    const { snapshots, problems } = planSnapshots(records.snapshot, stored, plan, options)
    planned.writings.set(workspaceId, { plan, snapshots, stored })
    planned.problems.push(...plan.problems, ...problems)
  }
  return planned
}

function byWorkspace({ workspace: _, ...records }: ParsedFile['records']) {
  const all = Object.values(records).flat<Numbered<Exclude<RecordType, 'workspace'>>[][]>()
  const grouped = new Map<string, WorkspaceRecords>()
  for (const numbered of all) {
    const { workspaceId, type } = numbered.record
    const group = grouped.get(workspaceId) ?? noRecords()
    grouped.set(workspaceId, group)
    const list: Numbered[] = group[type]
    list.push(numbered)
  }
  return grouped
}

function noRecords(): WorkspaceRecords {
  return { account: [], post: [], publication: [], video: [], snapshot: [] }
}

function withoutWorkspace(workspaceId: string, records: WorkspaceRecords): Problem[] {
  const problem = `there is no workspace ${workspaceId} in the file or the database`
  return Object.values(records)
    .flat()
    .map(({ line }) => ({ line, member: 'workspace_id', problem }))
}

async function writeAll(
  db: Db,
  { records }: ParsedFile,
  writings: Map<string, Writing>,
  options: ImportRecordsOptions,
): Promise<ImportCounts> {
  const { now, cipher, replace } = options
  const named = records.workspace.map(({ record }) => ({ ...record, createdAt: now }))
  const workspaces = await importWorkspaces(db, oneForEachId(named, options), { replace })
  const written: StoredCounts[] = []
  for (const [workspaceId, writing] of writings) {
    written.push(await writeWorkspace(db, writing, { workspaceId, now, cipher, replace }))
  }
  const sum = (type: keyof StoredCounts) =>
    written.reduce((total, counts) => total + counts[type], 0)
  const count = (type: RecordType, stored: number) => ({
    stored,
    skipped: records[type].length - stored,
  })
  return {
    workspace: count('workspace', workspaces.stored),
    account: count('account', sum('account')),
    post: count('post', sum('post')),
    publication: count('publication', sum('publication')),
    video: count('video', sum('video')),
    snapshot: count('snapshot', sum('snapshot')),
  }
}
