import type { NewId } from '../domain/clock.ts'
import type { TokenCipher } from '../domain/secrets.ts'
import type { Db } from '../store/connect.ts'
import { workspaceById } from '../store/workspaces.ts'
import { checkBroken } from './import-broken.ts'
import type { Numbered, ParsedFile, Problem } from './import-lines.ts'
import type { UnknownName } from './import-numbers.ts'
import { planWorkspace } from './import-plan.ts'
import type { RecordType } from './import-record.ts'
import { measuredIn, planSnapshots } from './import-snapshots.ts'
import { storedFor, type WorkspaceLines, whatIsThere } from './import-stored.ts'
import { type Writing, type Written, writeWorkspace, writeWorkspaces } from './import-write.ts'

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

/** What became of the records of one type. */
export interface RecordCount {
  /** New rows. */
  stored: number
  /** Records that overwrote rows. */
  replaced: number
  /** Records whose rows were there already and stayed as they were. */
  skipped: number
}

/** What an import has done. */
export interface ImportCounts extends Record<RecordType, RecordCount> {
  /** How many of the videos that were stored are of no record of the file. */
  madeVideos: number
}

/** What came of an import: counts, or null and why. */
export interface ImportOutcome {
  counts: ImportCounts | null
  /** By line. */
  problems: Problem[]
  /** Names of metrics that the catalogue does not know, as often as they occur; no problems. */
  unknownNames: UnknownName[]
}

/** Stores all records of a file in one transaction, or none when there is any problem. */
export async function importRecords(
  db: Db,
  parsed: ParsedFile,
  options: ImportRecordsOptions,
): Promise<ImportOutcome> {
  return db.transaction().execute(async (transaction) => {
    const { writings, unknownNames, ...planned } = await planAll(transaction, parsed, options)
    const problems = [...parsed.problems, ...planned.problems].sort((a, b) => a.line - b.line)
    if (problems.length > 0) return { counts: null, problems, unknownNames }
    const counts = await writeAll(transaction, parsed, writings, options)
    return { counts, problems, unknownNames }
  })
}

interface Planned {
  /** By workspace. */
  writings: Map<string, Writing>
  problems: Problem[]
  unknownNames: UnknownName[]
}

async function planAll(
  db: Db,
  parsed: ParsedFile,
  options: ImportRecordsOptions,
): Promise<Planned> {
  const planned: Planned = { writings: new Map(), problems: [], unknownNames: [] }
  const made = new Set(parsed.records.workspace.map(({ record }) => record.id))
  for (const { type, members } of parsed.broken) {
    if (type === 'workspace') made.add(String(members['id']))
  }
  for (const [workspaceId, lines] of byWorkspace(parsed)) {
    if (!made.has(workspaceId) && (await workspaceById(db, workspaceId)) === null) {
      planned.problems.push(...withoutWorkspace(workspaceId, lines))
    }
    const stored = await storedFor(db, workspaceId, lines)
    const isThere = whatIsThere(stored, lines)
    const plan = planWorkspace(lines, stored, { ...options, isThere })
    const measured = measuredIn(stored, plan, options.replace)
    const known = { ...options, isThere, measured }
    const { snapshots, ...found } = planSnapshots(lines.records.snapshot, stored, known)
    const more = checkBroken(lines.broken, known)
    planned.writings.set(workspaceId, { plan, snapshots, stored })
    planned.problems.push(...plan.problems, ...found.problems, ...more.problems)
    planned.unknownNames.push(...found.unknownNames, ...more.unknownNames)
  }
  return planned
}

function byWorkspace({ records: { workspace: _, ...records }, broken }: ParsedFile) {
  const grouped = new Map<string, WorkspaceLines>()
  const groupOf = (workspaceId: string) => {
    const group = grouped.get(workspaceId) ?? noLines()
    grouped.set(workspaceId, group)
    return group
  }
  const all = Object.values(records).flat<Numbered<Exclude<RecordType, 'workspace'>>[][]>()
  for (const numbered of all) {
    const { workspaceId, type } = numbered.record
    const list: Numbered[] = groupOf(workspaceId).records[type]
    list.push(numbered)
  }
  for (const line of broken) {
    const { workspace_id: workspaceId } = line.members
    if (typeof workspaceId === 'string') groupOf(workspaceId).broken.push(line)
  }
  return grouped
}

function noLines(): WorkspaceLines {
  return {
    records: { account: [], post: [], publication: [], video: [], snapshot: [] },
    broken: [],
  }
}

function withoutWorkspace(workspaceId: string, { records, broken }: WorkspaceLines): Problem[] {
  const problem = `there is no workspace ${workspaceId} in the file or the database`
  return [...Object.values(records).flat(), ...broken].map(({ line }) => {
    return { line, member: 'workspace_id', problem }
  })
}

async function writeAll(
  db: Db,
  { records }: ParsedFile,
  writings: Map<string, Writing>,
  options: ImportRecordsOptions,
): Promise<ImportCounts> {
  const { now, cipher, replace } = options
  const workspaces = await writeWorkspaces(db, records.workspace, options)
  const written: Written[] = []
  for (const [workspaceId, writing] of writings) {
    written.push(await writeWorkspace(db, writing, { workspaceId, now, cipher, replace }))
  }
  const sum = (key: keyof Written) => written.reduce((total, counts) => total + counts[key], 0)
  const madeVideos = sum('madeVideos')
  const count = (type: RecordType, stored: number) => {
    const others = records[type].length - stored
    return { stored, replaced: replace ? others : 0, skipped: replace ? 0 : others }
  }
  return {
    workspace: count('workspace', workspaces),
    account: count('account', sum('account')),
    post: count('post', sum('post')),
    publication: count('publication', sum('publication')),
    video: count('video', sum('video')),
    snapshot: count('snapshot', sum('snapshot')),
    madeVideos,
  }
}
