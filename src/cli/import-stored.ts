import type { Account } from '../domain/account.ts'
import type { Publication } from '../domain/publication.ts'
import { accountPage } from '../store/accounts.ts'
import type { Db } from '../store/connect.ts'
import { postsByIds } from '../store/posts.ts'
import { publicationsByIds, publicationsByPlatformPostIds } from '../store/publications.ts'
import { videosByIds, videosOfPublications } from '../store/videos.ts'
import type { ParsedFile } from './import-lines.ts'

const ACCOUNTS_PER_STATEMENT = 1000

/** The records of a file that are of one workspace. */
export type WorkspaceRecords = Omit<ParsedFile['records'], 'workspace'>

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

/** What, beside its id, only one row can be: the same parts make the same text. */
export function placeOf(...parts: string[]): string {
  return JSON.stringify(parts)
}

/** Looks up everything at once, in a number of statements that does not grow with the file. */
export async function storedFor(
  db: Db,
  workspaceId: string,
  records: WorkspaceRecords,
): Promise<Stored> {
  const accounts = await allAccounts(db, workspaceId)
  const posts = await postsByIds(db, workspaceId, idsIn(records, 'postId', 'post'))
  const byId = await publicationsByIds(
    db,
    workspaceId,
    idsIn(records, 'publicationId', 'publication'),
  )
  const platformPostIds = records.publication.map(({ record }) => record.platformPostId)
  const byPlace = await publicationsByPlatformPostIds(db, workspaceId, platformPostIds)
  const videoIds = records.video.flatMap(({ record }) => record.id ?? [])
  const videos = await videosByIds(db, workspaceId, videoIds)
  const filmed = records.video.map(({ record }) => record.publicationId)
  const ofPublications = await videosOfPublications(db, workspaceId, filmed)
  return {
    accounts: new Map(accounts.map((account) => [account.id, account])),
    accountIds: new Map(
      accounts.map((each) => [placeOf(each.platform, each.platformAccountId), each.id]),
    ),
    posts: new Set(posts.map(({ id }) => id)),
    publications: new Map(
      [...byPlace, ...byId].map((publication) => [publication.id, publication]),
    ),
    publicationIds: new Map(
      byPlace.map((each) => [placeOf(each.accountId, each.platformPostId), each.id]),
    ),
    videos: new Set([...videos, ...ofPublications].map(({ id }) => id)),
    videoIds: new Map(ofPublications.map(({ id, publication }) => [publication.id, id])),
  }
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

function idsIn(
  records: WorkspaceRecords,
  reference: 'postId' | 'publicationId',
  type: 'post' | 'publication',
): string[] {
  const named = [...records[type], ...Object.values(records).flat()].flatMap(({ record }) => {
    const own = record.type === type ? record.id : null
    const referred = reference in record ? Reflect.get(record, reference) : null
    return [own, referred].filter((id) => typeof id === 'string')
  })
  return [...new Set(named)]
}
