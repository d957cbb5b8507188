import { createHash } from 'node:crypto'
import type { NewId } from '../domain/clock.ts'
import { type ContentType, isVideoContent } from '../domain/content.ts'
import type { Platform } from '../domain/platform.ts'
import type { Numbered, Problem } from './import-lines.ts'
import { type Identified, oneForEachId } from './import-merge.ts'
import {
  type IsThere,
  placeOf,
  type Referred,
  type Stored,
  type WorkspaceLines,
  type WorkspaceRecords,
} from './import-stored.ts'

/** What a file holds for one workspace: one record for each id, what it refers to checked. */
export interface WorkspacePlan {
  accounts: Identified<'account'>[]
  posts: Identified<'post'>[]
  publications: PlannedPublication[]
  videos: Identified<'video'>[]
  /** Records for videos that the file has none for. */
  madeVideos: Identified<'video'>[]
  problems: Problem[]
}

type PlannedPublication = Identified<'publication'> & {
  platform: Platform
  contentType: ContentType
}

/** How ids are made, which of two records with the same id counts, and what can be referred to. */
export interface PlanOptions {
  newId: NewId
  replace: boolean
  isThere: IsThere
}

/**
 * Gives every record but the snapshots its id and checks what it refers to. Of records with the
 * same id the first counts, or the last. A plan with problems is not carried out.
 */
export function planWorkspace(
  { records }: WorkspaceLines,
  stored: Stored,
  options: PlanOptions,
): WorkspacePlan {
  const context = { ...options, problems: [] }
  const accounts = planAccounts(records, stored, context)
  const posts = oneForEachId(identifiedPosts(records.post), options)
  const publications = planPublications(records, stored, { ...context, accounts })
  const videos = planVideos(records, stored, context)
  const madeVideos = missingVideos(publications, stored, { ...options, videos })
  return { accounts, posts, publications, videos, madeVideos, problems: context.problems }
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

function planPublications(
  records: WorkspaceRecords,
  stored: Stored,
  context: Context & { accounts: readonly Identified<'account'>[] },
): PlannedPublication[] {
  const platforms = platformsOf(stored, context.accounts)
  const places = new Map(stored.publicationIds)
  const identified = records.publication.flatMap((numbered) => {
    const { line, record } = numbered
    refer(context, { line, member: 'post_id', type: 'post', id: record.postId })
    refer(context, { line, member: 'account_id', type: 'account', id: record.accountId })
    const platform = platforms.get(record.accountId)
    if (platform === undefined) return []
    const place = placeOf(record.accountId, record.platformPostId)
    return [{ ...numbered, place, platform, id: record.id ?? places.get(place) ?? context.newId() }]
  })
  const publications = oneForEachId(identified, context)
  const isOpen = (id: string) => context.replace || !stored.publications.has(id)
  takePlaces(
    publications.filter(({ id }) => isOpen(id)),
    places,
    {
      ...{ member: 'platform_post_id', noun: 'publication', problems: context.problems },
    },
  )
  const filmed = new Set(records.video.map(({ record }) => record.publicationId))
  return publications.map((each) => ({ ...each, contentType: kindOf(each, stored, filmed) }))
}

// A record that leaves the kind out keeps the one that is stored. One with a video is no `other`.
function kindOf(
  { id, record, given }: Identified<'publication'>,
  stored: Stored,
  filmed: ReadonlySet<string>,
): ContentType {
  if (record.contentType !== null) return record.contentType
  const kept = given.has('contentType') ? null : stored.publications.get(id)?.contentType
  return kept && kept !== 'other' ? kept : filmed.has(id) ? 'video' : 'other'
}

// The platform of an account never changes, so what is stored and what the file says agree.
function platformsOf(
  stored: Stored,
  accounts: readonly Identified<'account'>[],
): Map<string, Platform> {
  return new Map([
    ...accounts.map(({ id, record }) => [id, record.platform] as const),
    ...[...stored.accounts].map(([id, { platform }]) => [id, platform] as const),
  ])
}

/** A member that names another record; its id is null when nobody is named. */
export interface Reference {
  line: number
  member: string
  type: Referred
  id: string | null
}

/** Reports a reference to something that is nowhere. */
export function refer(
  { isThere, problems }: { isThere: IsThere; problems: Problem[] },
  { line, member, type, id }: Reference,
): void {
  if (id === null || isThere(type, id)) return
  const problem = `there is no ${type} ${id} in the file or the workspace`
  problems.push({ line, member, problem })
}

function planVideos(records: WorkspaceRecords, stored: Stored, context: Context) {
  const places = new Map(stored.videoIds)
  const identified = records.video.map((numbered) => {
    const { line, record } = numbered
    const place = record.publicationId
    refer(context, { line, member: 'publication_id', type: 'publication', id: place })
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

// A publication of a video kind is one of the videos: without a record it would not be found there.
function missingVideos(
  publications: readonly PlannedPublication[],
  stored: Stored,
  context: Pick<PlanOptions, 'newId' | 'replace'> & { videos: readonly Identified<'video'>[] },
): Identified<'video'>[] {
  const filmed = new Set([
    ...context.videos.map(({ record }) => record.publicationId),
    ...stored.videoIds.keys(),
  ])
  return publications
    .filter(({ id }) => context.replace || !stored.publications.has(id))
    .filter(({ id, contentType }) => isVideoContent(contentType) && !filmed.has(id))
    .map(({ id: publicationId, line, record: { workspaceId } }) => ({
      ...{ line, id: context.newId(), given: new Set<string>() },
      record: { type: 'video', workspaceId, id: null, videoId: null, publicationId },
    }))
}
