import { createHash } from 'node:crypto'
import type { NewId } from '../domain/clock.ts'
import type { ContentType } from '../domain/content.ts'
import type { Platform } from '../domain/platform.ts'
import type { Numbered, Problem } from './import-lines.ts'
import type { RecordType } from './import-record.ts'
import { placeOf, type Stored, type WorkspaceRecords } from './import-stored.ts'

/** A record with the id that it gets or has. */
export type Identified<Type extends RecordType> = Numbered<Type> & { id: string }

/** What a file holds for one workspace: one record for each id, what it refers to checked. */
export interface WorkspacePlan {
  accounts: Identified<'account'>[]
  posts: Identified<'post'>[]
  publications: (Identified<'publication'> & { platform: Platform; contentType: ContentType })[]
  videos: Identified<'video'>[]
  problems: Problem[]
}

/** How ids are made, and which of two records with the same id counts. */
export interface PlanOptions {
  newId: NewId
  replace: boolean
}

/**
 * Gives every record but the snapshots its id and checks what it refers to. A record whose id was
 * on an earlier line is left out, or replaces that one. A plan with problems is not carried out.
 */
export function planWorkspace(
  records: WorkspaceRecords,
  stored: Stored,
  options: PlanOptions,
): WorkspacePlan {
  const problems: Problem[] = []
  const accounts = planAccounts(records, stored, { ...options, problems })
  const posts = oneForEachId(identifiedPosts(records.post), options)
  const publications = planPublications(records, stored, { ...options, accounts, posts, problems })
  const videos = planVideos(records, stored, { ...options, publications, problems })
  return { accounts, posts, publications, videos, problems }
}

interface Context extends PlanOptions {
  problems: Problem[]
}

function planAccounts(records: WorkspaceRecords, stored: Stored, context: Context) {
  const places = new Map(stored.accountIds)
  const identified = records.account.map((numbered) => {
    const { platform, platformAccountId } = numbered.record
    const place = placeOf(platform, platformAccountId)
    return { ...numbered, place, id: numbered.record.id ?? places.get(place) ?? context.newId() }
  })
  const accounts = oneForEachId(identified, context)
  const isOpen = (id: string) => context.replace || !stored.accounts.has(id)
  takePlaces(
    accounts.filter(({ id }) => isOpen(id)),
    places,
    {
      ...{ member: 'platform_account_id', noun: 'account', problems: context.problems },
    },
  )
  for (const { line, id, record } of accounts) {
    const before = stored.accounts.get(id)
    if (!context.replace || !before || before.platform === record.platform) continue
    const problem = `the account ${id} is on ${before.platform}, which cannot be replaced`
    context.problems.push({ line, member: 'platform', problem })
  }
  return accounts
}

interface Place {
  line: number
  id: string
  place: string
}

/** Notes who stands where; reports each that would stand where another does. */
function takePlaces(
  rows: readonly Place[],
  places: Map<string, string>,
  { member, noun, problems }: { member: string; noun: string; problems: Problem[] },
): void {
  for (const { line, id, place } of rows) {
    const other = places.get(place)
    if (other === undefined) places.set(place, id)
    else if (other !== id)
      problems.push({ line, member, problem: `is taken by the ${noun} ${other}` })
  }
}

// A post has nothing that tells it apart but its id. Without one, the id is made of what the line
// says and how many such lines there were before, so that the same file means the same posts.
function identifiedPosts(posts: readonly Numbered<'post'>[]): Identified<'post'>[] {
  const seen = new Map<string, number>()
  return posts.map((numbered) => {
    const { id, workspaceId, text, createdAt } = numbered.record
    if (id !== null) return { ...numbered, id }
    const said = JSON.stringify([workspaceId, text, createdAt])
    const before = seen.get(said) ?? 0
    seen.set(said, before + 1)
    return { ...numbered, id: uuidOf(`${before} ${said}`) }
  })
}

// A UUID of version 8: its bits are whatever its maker says.
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}

/** Of rows with the same id the first, or the last where rows replace each other. */
export function oneForEachId<Row extends { id: string }>(
  rows: readonly Row[],
  options: { replace: boolean },
): Row[] {
  const chosen = new Map<string, Row>()
  for (const row of rows) {
    if (options.replace || !chosen.has(row.id)) chosen.set(row.id, row)
  }
  return [...chosen.values()]
}

interface AccountContext extends Context {
  accounts: readonly Identified<'account'>[]
}

function planPublications(
  records: WorkspaceRecords,
  stored: Stored,
  context: AccountContext & { posts: readonly Identified<'post'>[] },
): WorkspacePlan['publications'] {
  const { problems } = context
  const platforms = platformsOf(stored, context)
  const posts = new Set([...stored.posts, ...context.posts.map(({ id }) => id)])
  const filmed = new Set(records.video.map(({ record }) => record.publicationId))
  const places = new Map(stored.publicationIds)
  const identified = records.publication.flatMap((numbered) => {
    const { line, record } = numbered
    const platform = platforms.get(record.accountId)
    if (record.postId !== null && !posts.has(record.postId)) {
      problems.push(unknown(line, 'post_id', 'post', record.postId))
    }
    if (platform === undefined)
      problems.push(unknown(line, 'account_id', 'account', record.accountId))
    if (platform === undefined) return []
    const place = placeOf(record.accountId, record.platformPostId)
    const id = record.id ?? places.get(place) ?? context.newId()
    const contentType = record.contentType ?? (filmed.has(id) ? 'video' : 'other')
    return [{ ...numbered, id, place, platform, contentType } as const]
  })
  const publications = oneForEachId(identified, context)
  const isOpen = (id: string) => context.replace || !stored.publications.has(id)
  takePlaces(
    publications.filter(({ id }) => isOpen(id)),
    places,
    {
      ...{ member: 'platform_post_id', noun: 'publication', problems },
    },
  )
  return publications
}

// The platform of an account never changes, so what is stored and what the file says agree.
function platformsOf(stored: Stored, { accounts }: AccountContext): Map<string, Platform> {
  return new Map([
    ...accounts.map(({ id, record }) => [id, record.platform] as const),
    ...[...stored.accounts].map(([id, { platform }]) => [id, platform] as const),
  ])
}

/** The problem of a reference to something that is nowhere. */
export function unknown(line: number, member: string, noun: string, id: string): Problem {
  return { line, member, problem: `there is no ${noun} ${id} in the file or the workspace` }
}

function planVideos(
  records: WorkspaceRecords,
  stored: Stored,
  context: Context & Pick<WorkspacePlan, 'publications'>,
) {
  const known = new Set([
    ...stored.publications.keys(),
    ...context.publications.map(({ id }) => id),
  ])
  const places = new Map(stored.videoIds)
  const identified = records.video.map((numbered) => {
    const { line, record } = numbered
    if (!known.has(record.publicationId)) {
      context.problems.push(unknown(line, 'publication_id', 'publication', record.publicationId))
    }
    const place = record.publicationId
    return { ...numbered, place, id: record.id ?? places.get(place) ?? context.newId() }
  })
  const videos = oneForEachId(identified, context)
  const isOpen = (id: string) => context.replace || !stored.videos.has(id)
  takePlaces(
    videos.filter(({ id }) => isOpen(id)),
    places,
    {
      ...{ member: 'publication_id', noun: 'video', problems: context.problems },
    },
  )
  return videos
}
