import type { Post } from '../domain/post.ts'
import { accountTokenContext, type TokenCipher } from '../domain/secrets.ts'
import { type NewChange, recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import {
  type ImportedAccount,
  type ImportMode,
  importAccounts,
  importPosts,
  importPublications,
  importVideos,
  importWorkspaces,
} from '../store/import-rows.ts'
import { type ImportedSnapshot, importSnapshots } from '../store/import-snapshots.ts'
import type { NewPublication } from '../store/publication-writes.ts'
import { thinAgainFrom } from '../store/thinning.ts'
import type { NewVideo } from '../store/videos.ts'
import type { Numbered } from './import-lines.ts'
import { type Identified, oneForEachId } from './import-merge.ts'
import type { WorkspacePlan } from './import-plan.ts'
import type { RecordType } from './import-record.ts'
import type { Stored } from './import-stored.ts'

const ROWS_PER_STATEMENT = 5000

/** How many new rows there are of each type, and of videos that the file has no record of. */
export type Written = Record<Exclude<RecordType, 'workspace'> | 'madeVideos', number>

/** What writing a workspace's records takes. */
export interface WriteOptions extends ImportMode {
  workspaceId: string
  now: Date
  cipher: TokenCipher
}

/** What is to be written, and what was there before. */
export interface Writing {
  plan: WorkspacePlan
  snapshots: ImportedSnapshot[]
  stored: Stored
}

/** Writes workspaces, and answers how many are new. The data of those that it replaces moves on. */
export async function writeWorkspaces(
  db: Db,
  records: readonly Numbered<'workspace'>[],
  { now, replace }: Pick<WriteOptions, 'now' | 'replace'>,
): Promise<number> {
  const named = records.map((numbered) => ({ ...numbered, id: numbered.record.id }))
  const rows = oneForEachId(named, { replace })
  const stored = await inShapes(rows, replace, async (shape, mode) => {
    const workspaces = shape.map(({ record }) => ({ ...record, createdAt: now }))
    return importWorkspaces(db, workspaces, mode)
  })
  for (const { id } of replace ? rows : []) await recordChanges(db, id, now, {})
  return stored
}

/**
 * Writes a workspace's records inside the caller's transaction, many rows a statement, and moves
 * the workspace's data version if anything was written.
 */
export async function writeWorkspace(
  db: Db,
  writing: Writing,
  options: WriteOptions,
): Promise<Written> {
  const { plan, snapshots } = writing
  const { workspaceId, now, replace } = options
  const write = <Record extends Shaped, Row>(
    records: readonly Record[],
    toRow: (record: Record) => Row,
    store: StoreRows<Row>,
  ) => inShapes(records, replace, (shape, mode) => store(db, workspaceId, shape.map(toRow), mode))
  const toVideo = videosOf(writing)
  const written = {
    account: await write(
      plan.accounts.map(withStatus),
      (each) => toAccount(each, options),
      importAccounts,
    ),
    post: await write(plan.posts, (each) => toPost(each, now), importPosts),
    publication: await write(
      plan.publications.map(withKind),
      (each) => toPublication(each, now),
      importPublications,
    ),
    video: await write(plan.videos, toVideo, importVideos),
    madeVideos: await write(plan.madeVideos, toVideo, importVideos),
    snapshot: await inBatches(snapshots, (batch) =>
      importSnapshots(db, workspaceId, batch, { replace }),
    ),
  }
  const changes = changesOf(writing, replace)
  // Posts are in no feed, but in answers.
  const isWritten = Object.values(written).some((count) => count > 0)
  if (isWritten || changes.length > 0) await recordChanges(db, workspaceId, now, { changes })
  const [oldest] = snapshots.map(({ capturedAt }) => capturedAt).sort(byTime)
  if (oldest) await thinAgainFrom(db, workspaceId, oldest)
  return written
}

const byTime = (one: Date, other: Date) => one.getTime() - other.getTime()

interface Shaped {
  given: ReadonlySet<string>
}

type StoreRows<Row> = (
  db: Db,
  workspaceId: string,
  rows: readonly Row[],
  mode: ImportMode,
) => Promise<StoredRows>

interface StoredRows {
  stored: number
  clashes?: string[]
}

// A record overwrites what it gives, so those that give the same go together.
async function inShapes<Record extends Shaped>(
  records: readonly Record[],
  replace: boolean,
  write: (batch: readonly Record[], mode: ImportMode) => Promise<StoredRows>,
): Promise<number> {
  if (!replace) return inBatches(records, (batch) => write(batch, { replace }))
  const shapes = Map.groupBy(records, ({ given }) => [...given].sort().join())
  let stored = 0
  for (const shape of shapes.values()) {
    const members = [...(shape[0]?.given ?? [])]
    stored += await inBatches(shape, (batch) => write(batch, { replace, members }))
  }
  return stored
}

async function inBatches<Row>(
  rows: readonly Row[],
  write: (batch: readonly Row[]) => Promise<StoredRows>,
): Promise<number> {
  let stored = 0
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const result = await write(rows.slice(start, start + ROWS_PER_STATEMENT))
    const [clash] = result.clashes ?? []
    // The plan has looked for these before, so another process was here in between.
    if (clash !== undefined) throw new Error(`Another process stored what ${clash} should be.`)
    stored += result.stored
  }
  return stored
}

// Whether an account is connected follows from its token.
function withStatus(account: Identified<'account'>): Identified<'account'> {
  const { given } = account
  return given.has('accessToken')
    ? { ...account, given: new Set([...given, 'connectionStatus']) }
    : account
}

// What follows from the other members, and from what is stored.
function withKind(publication: WorkspacePlan['publications'][number]) {
  const given = new Set([...publication.given, 'platform', 'contentType'])
  return { ...publication, given }
}

function toAccount(
  { id, record }: Identified<'account'>,
  { workspaceId, now, cipher }: WriteOptions,
): ImportedAccount {
  const { accessToken, refreshToken, ...shown } = record
  const seal = (token: string | null) =>
    token === null ? null : cipher.seal(token, accountTokenContext(workspaceId, id))
  return {
    ...shown,
    id,
    connectedAt: record.connectedAt ?? now,
    accessToken: seal(accessToken),
    refreshToken: seal(refreshToken),
    connectionStatus: accessToken === null ? 'disconnected' : 'connected',
  }
}

function toPost({ id, record }: Identified<'post'>, now: Date): Omit<Post, 'workspaceId'> {
  return { id, text: record.text, createdAt: record.createdAt ?? now }
}

function toPublication(
  { id, record, platform, contentType }: WorkspacePlan['publications'][number],
  now: Date,
): NewPublication {
  return { ...record, id, platform, contentType, createdAt: record.createdAt ?? now }
}

// Unless another id is given, a video is known by its platform's id.
function videosOf({ plan, stored }: Writing): (video: Identified<'video'>) => NewVideo {
  const platformPostIds = new Map([
    ...plan.publications.map(({ id, record }) => [id, record.platformPostId] as const),
    ...[...stored.publications].map(([id, { platformPostId }]) => [id, platformPostId] as const),
  ])
  return ({ id, record: { publicationId, videoId } }) => {
    return { id, publicationId, videoId: videoId ?? platformPostIds.get(publicationId) ?? id }
  }
}

function changesOf({ plan, snapshots, stored }: Writing, replace: boolean): NewChange[] {
  const isWritten = (rows: { has(id: string): boolean }) => (row: { id: string }) =>
    replace || !rows.has(row.id)
  const changed = [
    ...idsOf('account', plan.accounts.filter(isWritten(stored.accounts))),
    ...idsOf('publication', plan.publications.filter(isWritten(stored.publications))),
    ...idsOf('video', [...plan.videos.filter(isWritten(stored.videos)), ...plan.madeVideos]),
    ...snapshots
      .filter((snapshot) => replace || isNews(snapshot, stored))
      .map(({ subject, subjectId }) => ({ subject, subjectId })),
  ]
  const unique = new Map(changed.map((change) => [`${change.subject} ${change.subjectId}`, change]))
  return [...unique.values()]
}

function idsOf(subject: NewChange['subject'], rows: readonly { id: string }[]): NewChange[] {
  return rows.map(({ id }) => ({ subject, subjectId: id }))
}

function isNews({ subject, subjectId, capturedAt }: ImportedSnapshot, stored: Stored): boolean {
  const rows = subject === 'account' ? stored.accounts : stored.publications
  const last = rows.get(subjectId)?.lastUpdatedAt ?? null
  return last === null || capturedAt > last
}
