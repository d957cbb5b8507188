import type { Account } from '../domain/account.ts'
import { type ContentType, isVideoContent } from '../domain/content.ts'
import type { Post } from '../domain/post.ts'
import type { Publication } from '../domain/publication.ts'
import type { Refresh } from '../domain/refresh.ts'
import { lockedAccounts } from '../store/accounts.ts'
import { type NewChange, recordChanges } from '../store/changes.ts'
import type { Db } from '../store/connect.ts'
import { insertPosts } from '../store/posts.ts'
import {
  attachPublications,
  insertPublications,
  type NewPublication,
} from '../store/publication-writes.ts'
import { publicationsByPlatformPostIds } from '../store/publications.ts'
import { insertVideos } from '../store/videos.ts'
import type { RefreshDependencies } from './dependencies.ts'
import { type InvalidInput, invalidLocalId, invalidText } from './input.ts'
import { queueRefresh } from './queueing.ts'

const PUBLICATIONS_MAX = 100
const TEXT_LENGTH_MAX = 512

/** One piece of content and where it was published. Null: not said. */
export interface RecordPostInput {
  localId: string | null
  text: string | null
  publications: RecordPublicationInput[]
}

/** Where it was published: under which account, and under which id of the platform. */
export interface RecordPublicationInput {
  localId: string | null
  accountId: string
  platformPostId: string
  url: string | null
  text: string | null
  contentType: ContentType | null
  /** Null: now. */
  createdAt: Date | null
  publishedAt: Date | null
}

/** The post, which field was wrong, or which account there is not. */
export type RecordPostAnswer =
  | { kind: 'recorded'; post: Post }
  | InvalidInput
  | { kind: 'not_found'; accountId: string }

/**
 * Records a post with its publications and queues refreshes of them alone. A publication that was
 * discovered before joins the post, and keeps the id that it has.
 */
export async function recordPost(
  deps: RefreshDependencies,
  workspaceId: string,
  input: RecordPostInput,
): Promise<RecordPostAnswer> {
  const invalid = invalidPost(input)
  if (invalid) return invalid
  try {
    return await deps.db.transaction().execute(async (transaction) => {
      const accounts = await accountsOf(transaction, workspaceId, input)
      const unknown = input.publications.find((each) => !accounts.has(each.accountId))
      if (unknown) return { kind: 'not_found', accountId: unknown.accountId }
      return record({ deps, transaction, workspaceId, accounts }, input)
    })
  } catch (error) {
    if (error instanceof InvalidPost) return error.answer
    throw error
  }
}

interface Recording {
  deps: RefreshDependencies
  transaction: Db
  workspaceId: string
  accounts: Map<string, Account>
}

function invalidPost({ localId, publications }: RecordPostInput): InvalidInput | null {
  if (publications.length === 0 || publications.length > PUBLICATIONS_MAX) {
    const message = `A post has 1 to ${PUBLICATIONS_MAX} publications.`
    return { kind: 'invalid', field: 'publications', message }
  }
  const problems = publications.map((each, index) => {
    const field = `publications.${index}`
    return (
      invalidText(`${field}.platformPostId`, each.platformPostId, TEXT_LENGTH_MAX) ??
      invalidLocalId(`${field}.localId`, each.localId) ??
      repeated(`${field}.platformPostId`, publications.slice(0, index), (other) =>
        isSame(each, other),
      ) ??
      repeated(`${field}.localId`, publications.slice(0, index), (other) =>
        each.localId === null ? false : each.localId === other.localId,
      )
    )
  })
  return invalidLocalId('localId', localId) ?? problems.find((problem) => problem !== null) ?? null
}

function isSame(
  one: Pick<Publication, 'accountId' | 'platformPostId'>,
  other: Pick<Publication, 'accountId' | 'platformPostId'>,
): boolean {
  return one.accountId === other.accountId && one.platformPostId === other.platformPostId
}

function repeated(
  field: string,
  earlier: RecordPublicationInput[],
  isRepeat: (other: RecordPublicationInput) => boolean,
): InvalidInput | null {
  if (!earlier.some(isRepeat)) return null
  return { kind: 'invalid', field, message: 'An earlier publication of this post has it.' }
}

async function accountsOf(
  transaction: Db,
  workspaceId: string,
  { publications }: RecordPostInput,
): Promise<Map<string, Account>> {
  const ids = new Set(publications.map(({ accountId }) => accountId))
  const accounts = await lockedAccounts(transaction, workspaceId, [...ids])
  return new Map(accounts.map((account) => [account.id, account]))
}

async function record(recording: Recording, input: RecordPostInput): Promise<RecordPostAnswer> {
  const { deps, transaction, workspaceId } = recording
  const post = { id: input.localId ?? deps.newId(), text: input.text, createdAt: deps.now() }
  const [isRecorded] = await insertPosts(transaction, workspaceId, [post])
  if (!isRecorded) throw new InvalidPost('localId', 'Another post has this id.')
  const publications = await recordPublications(recording, post, input)
  const refreshes = await queueReadings(recording, publications)
  const changes = publications.map(
    ({ id }): NewChange => ({ subject: 'publication', subjectId: id }),
  )
  await recordChanges(transaction, workspaceId, deps.now(), { changes, refreshes })
  return { kind: 'recorded', post: { ...post, workspaceId } }
}

type Recorded = Pick<Publication, 'id' | 'accountId' | 'platformPostId' | 'contentType'>

// The platform may show the content to a refresh while it is being recorded here.
async function recordPublications(
  recording: Recording,
  post: Pick<Post, 'id' | 'createdAt'>,
  { publications }: RecordPostInput,
): Promise<Recorded[]> {
  const { deps, transaction, workspaceId } = recording
  const wished = publications.map((each) => newPublication(recording, post, each))
  const inserted = new Set(await insertPublications(transaction, workspaceId, wished))
  const left = wished.filter(({ id }) => !inserted.has(id))
  const ids = left.map(({ platformPostId }) => platformPostId)
  const existing =
    left.length > 0 ? await publicationsByPlatformPostIds(transaction, workspaceId, ids) : []
  const joined = left.map((each) => discovered(each, wished.indexOf(each), existing))
  if (joined.length > 0) {
    const joinedIds = joined.map(({ id }) => id)
    await attachPublications(transaction, workspaceId, post.id, joinedIds)
  }
  const recorded = wished.filter(({ id }) => inserted.has(id))
  const videos = recorded.filter(({ contentType }) => isVideoContent(contentType))
  await insertVideos(
    transaction,
    workspaceId,
    videos.map(({ id, platformPostId }) => ({
      id: deps.newId(),
      videoId: platformPostId,
      publicationId: id,
    })),
  )
  return [...recorded, ...joined]
}

function newPublication(
  { deps, accounts }: Recording,
  post: Pick<Post, 'id' | 'createdAt'>,
  input: RecordPublicationInput,
): NewPublication {
  const account = accounts.get(input.accountId)
  if (!account) throw new Error(`There is no account ${input.accountId}.`)
  return {
    id: input.localId ?? deps.newId(),
    postId: post.id,
    accountId: account.id,
    platform: account.platform,
    platformPostId: input.platformPostId,
    url: input.url,
    text: input.text,
    contentType: input.contentType ?? 'other',
    thumbnailUrl: null,
    durationSeconds: null,
    createdAt: input.createdAt ?? post.createdAt,
    publishedAt: input.publishedAt,
    dueAt: post.createdAt,
  }
}

function discovered(
  wished: NewPublication,
  index: number,
  existing: readonly Publication[],
): Publication {
  const found = existing.find((publication) => isSame(publication, wished))
  const field = `publications.${index}`
  if (!found) throw new InvalidPost(`${field}.localId`, 'Another publication has this id.')
  if (found.postId === null) return found
  const message = `It was recorded before, as ${found.id} of post ${found.postId}.`
  throw new InvalidPost(`${field}.platformPostId`, message)
}

async function queueReadings(
  { deps, transaction, accounts }: Recording,
  publications: Recorded[],
): Promise<Refresh[]> {
  const refreshes: Refresh[] = []
  const byAccount = Map.groupBy(publications, ({ accountId }) => accountId)
  for (const [id, account] of accounts) {
    if (account.connectionStatus !== 'connected') continue
    const publicationIds = (byAccount.get(id) ?? []).map((publication) => publication.id)
    const wish = { account, origin: 'record', publicationIds } as const
    refreshes.push(await queueRefresh(deps, transaction, wish))
  }
  return refreshes
}

/** Thrown to undo what was recorded so far; the answer is what the caller gets. */
class InvalidPost extends Error {
  override readonly name = 'InvalidPost'
  readonly answer: InvalidInput

  constructor(field: string, message: string) {
    super(message)
    this.answer = { kind: 'invalid', field, message }
  }
}
