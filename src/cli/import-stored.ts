import type { Account } from '../domain/account.ts'
import type { Publication } from '../domain/publication.ts'
import { accountPage, lockedAccounts } from '../store/accounts.ts'
import type { Db } from '../store/connect.ts'
import { postsByIds } from '../store/posts.ts'
import { publicationsByIds, publicationsByPlatformPostIds } from '../store/publications.ts'
import { videosByIds, videosOfPublications } from '../store/videos.ts'
import type { BrokenLine, ParsedFile } from './import-lines.ts'
import { REFERENCES } from './import-record.ts'

const ACCOUNTS_PER_STATEMENT = 1000

/** The records of a file that are of one workspace. */
export type WorkspaceRecords = Omit<ParsedFile['records'], 'workspace'>

/** The lines of a file that are of one workspace. */
export interface WorkspaceLines {
  records: WorkspaceRecords
  /** Those with problems. */
  broken: BrokenLine[]
}

/** A type of records that others refer to. */
export type Referred = (typeof REFERENCES)[number][1]

/** What a workspace already holds of what a file's records are or refer to. */
export interface Stored {
  /** Every account, by id. */
  accounts: ReadonlyMap<string, Account>
  /** Ids of accounts by their place on their platform. */
  accountIds: ReadonlyMap<string, string>
  posts: ReadonlySet<string>
  publications: ReadonlyMap<string, Publication>
  /** Ids of publications by their place under their account. */
  publicationIds: ReadonlyMap<string, string>
  videos: ReadonlySet<string>
  /** Ids of videos by their publication's id. */
  videoIds: ReadonlyMap<string, string>
}

/** Whether a record is there to be referred to: stored, or on any line, whatever is wrong with it. */
export type IsThere = (type: Referred, id: string) => boolean

/** What, beside its id, only one row can be: the same parts make the same text. */
export function placeOf(...parts: string[]): string {
  return JSON.stringify(parts)
}

/**
 * Looks up everything at once, in a number of statements that does not grow with the file. The
 * workspace's accounts are locked until the transaction ends: a refresh takes an account before
 * the workspace, and so does an import.
 */
export async function storedFor(
  db: Db,
  workspaceId: string,
  lines: WorkspaceLines,
): Promise<Stored> {
  const { records } = lines
  const ids = (await allAccounts(db, workspaceId)).map(({ id }) => id)
  const accounts = await lockedAccounts(db, workspaceId, ids)
  const posts = await postsByIds(db, workspaceId, idsIn(lines, 'post'))
  const byId = await publicationsByIds(db, workspaceId, idsIn(lines, 'publication'))
  const platformPostIds = records.publication.map(({ record }) => record.platformPostId)
  const byPlace = await publicationsByPlatformPostIds(db, workspaceId, platformPostIds)
  const publications = new Map([...byPlace, ...byId].map((each) => [each.id, each]))
  const videoIds = records.video.flatMap(({ record }) => record.id ?? [])
  const videos = await videosByIds(db, workspaceId, videoIds)
  const ofPublications = await videosOfPublications(db, workspaceId, [...publications.keys()])
  return {
    accounts: new Map(accounts.map((account) => [account.id, account])),
    accountIds: new Map(
      accounts.map((each) => [placeOf(each.platform, each.platformAccountId), each.id]),
    ),
    posts: new Set(posts.map(({ id }) => id)),
    publications,
    publicationIds: new Map(
      byPlace.map((each) => [placeOf(each.accountId, each.platformPostId), each.id]),
    ),
    videos: new Set([...videos, ...ofPublications].map(({ id }) => id)),
    videoIds: new Map(ofPublications.map(({ id, publication }) => [publication.id, id])),
  }
}

/** Tells what can be referred to: what is stored, and what the file's lines are about. */
export function whatIsThere(stored: Stored, { records, broken }: WorkspaceLines): IsThere {
  const named = (type: Referred) => [
    ...records[type].flatMap(({ record }) => record.id ?? []),
    ...broken.filter((line) => line.type === type).map(({ members }) => members['id']),
  ]
  const there = {
    account: new Set([...stored.accounts.keys(), ...named('account')]),
    post: new Set([...stored.posts, ...named('post')]),
    publication: new Set([...stored.publications.keys(), ...named('publication')]),
  }
  return (type, id) => there[type].has(id)
}

async function allAccounts(db: Db, workspaceId: string): Promise<Account[]> {
  const accounts: Account[] = []
  let after = null
  for (;;) {
    const request = { limit: ACCOUNTS_PER_STATEMENT, after, before: null, backwards: false }
    const page = await accountPage(db, workspaceId, {}, request)
    accounts.push(...page.rows.map(({ row }) => row))
    after = page.rows.at(-1)?.cursor ?? null
    if (!page.hasNextPage) return accounts
  }
}

function idsIn({ records, broken }: WorkspaceLines, type: 'post' | 'publication'): string[] {
  const reference = { post: 'postId', publication: 'publicationId' }[type]
  const own = records[type].map(({ record }) => record.id)
  const referred = Object.values(records)
    .flat()
    .map(({ record }) => (reference in record ? Reflect.get(record, reference) : null))
  const readable = broken.flatMap(({ members }) =>
    REFERENCES.map(([member, referred]) => (referred === type ? members[member] : null)),
  )
  const ids = [...own, ...referred, ...readable].filter((id) => typeof id === 'string')
  return [...new Set(ids)]
}
