import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { livingMetrics, wireNames, wireNumbers } from '../catalogue.ts'
import { pick, publicationNumbersFor } from '../numbers.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import type { Entry } from './entries.ts'
import {
  fieldNotAuthorized,
  type ItemAsked,
  notAuthorized,
  notFound,
  temporarilyUnavailable,
} from './item-errors.ts'
import { mediaKeys, mediaObjects } from './media.ts'
import type { Admitted } from './route.ts'
import { userObject } from './users.ts'

const TEXT_MAX = 280
const PRIVATE_DAYS = 30

const ORGANIC = ['impression_count', 'like_count', 'reply_count', 'retweet_count']
const CLICKS = ['url_link_clicks', 'user_profile_clicks']

/** The fields that only the author sees, for 30 days. */
const PRIVATE = ['non_public_metrics', 'organic_metrics'] as const

/** What X repeats in its private fields although other ones hold it as well. */
const REPEATED: Record<(typeof PRIVATE)[number], readonly string[]> = {
  non_public_metrics: ['impression_count'],
  organic_metrics: [...ORGANIC, ...CLICKS],
}

/** What one post adds to an answer. A post that is refused adds errors only. */
export interface PostParts {
  data: JsonObject[]
  media: JsonObject[]
  users: JsonObject[]
  /** Posts that this one repeats or answers. */
  posts: JsonObject[]
  errors: JsonObject[]
}

/** A post as the caller may see it, with what the expansions ask for. */
export function postParts(admitted: Admitted, entry: Entry | null, asked: ItemAsked): PostParts {
  const error = postError(admitted, entry, asked)
  if (error !== null || entry === null) return { ...NOTHING, errors: error ? [error] : [] }
  const arePrivateShown = isOwnAndYoung(admitted, entry)
  const refused = arePrivateShown ? [] : privateErrors(admitted, asked)
  if (refused.length > 0) return { ...NOTHING, errors: refused }
  const { call, selection, simulation } = admitted
  const { publication } = entry
  const numbers = publicationNumbersFor(call, publication, simulation)
  const isExpanded = selection.expansions.has('attachments.media_keys')
  const { media, errors } = isExpanded
    ? mediaObjects(publication, numbers, { selection, simulation, arePrivateShown, now: call.now })
    : { media: [], errors: [] }
  const isAuthorExpanded = selection.expansions.has('author_id')
  const users = isAuthorExpanded ? [userObject(admitted, publication.account)] : []
  const referenced = referencedParts(admitted, entry)
  return {
    data: [postObject(admitted, entry, numbers)],
    media,
    users,
    posts: referenced.posts,
    errors: [...errors, ...referenced.errors],
  }
}

/** Whether the caller wrote the post and it is young enough for its private numbers. */
export function isOwnAndYoung({ call, caller }: Admitted, { publication }: Entry): boolean {
  const ageMs = call.now.getTime() - publication.publishedAt.getTime()
  const isOwn = caller?.platformAccountId === publication.account.platformAccountId
  return isOwn && ageMs <= PRIVATE_DAYS * 86_400_000
}

/** Whether a call selects numbers that only an author sees. */
export function selectsPrivate({ selection }: Admitted): boolean {
  return PRIVATE.some((group) => selection.post.has(group))
}

const NOTHING: PostParts = { data: [], media: [], users: [], posts: [], errors: [] }

function postError(
  { call, caller, simulation }: Admitted,
  entry: Entry | null,
  asked: ItemAsked,
): JsonObject | null {
  const fault = simulation.faults.take(
    ['gone', 'forbidden', 'unfinished'],
    faultTarget(call, [asked.id]),
  )
  const isGone = entry === null || !isShown(entry.publication, call.now)
  if (isGone || fault?.kind === 'gone') return notFound(simulation, asked)
  if (fault?.kind === 'unfinished') return temporarilyUnavailable(simulation, asked)
  const { account } = entry.publication
  const isOwn = caller?.platformAccountId === account.platformAccountId
  const isHidden = account.isSuspended || (account.isProtected && !isOwn)
  return isHidden || fault?.kind === 'forbidden' ? notAuthorized(simulation, asked) : null
}

// What is repeated or answered belongs to someone else: its private numbers are refused.
function referencedParts(admitted: Admitted, { referencedId }: Entry) {
  const { expansions, words } = admitted.selection
  if (referencedId === null || !expansions.has(words.referencesExpansion)) {
    return { posts: [], errors: [] }
  }
  const asked = { resource: 'tweet' as const, parameter: words.referencesExpansion }
  const errors = privateErrors(admitted, { ...asked, id: referencedId }, 'includes')
  const post = { id: referencedId, text: 'Swimmers report 6 °C.', [words.edits]: [referencedId] }
  return { posts: errors.length > 0 ? [] : [post], errors }
}

function privateErrors(
  { call, selection, simulation }: Admitted,
  asked: ItemAsked,
  section: 'data' | 'includes' = 'data',
): JsonObject[] {
  return PRIVATE.filter((group) => selection.post.has(group))
    .flatMap((group) => {
      const own = wireNames(metricsIn(group, call.now))
      return [...new Set([...REPEATED[group], ...own])].map((name) => `${group}.${name}`)
    })
    .map((field) => fieldNotAuthorized(simulation, asked, field, section))
}

function metricsIn(source: string, now: Date): MetricDefinition[] {
  return livingMetrics({ platform: 'x', subjects: ['post'], sources: [source] }, now)
}

function postObject(
  { call, selection }: Admitted,
  { kind, publication, referencedId }: Entry,
  numbers: Record<string, number>,
): JsonObject {
  const { words } = selection
  const id = publication.platformPostId
  const media_keys = mediaKeys(publication)
  const isLong = publication.text.length > TEXT_MAX
  const shown = new Set(['id', 'text', words.edits, ...selection.post])
  if (selection.expansions.has('attachments.media_keys')) shown.add('attachments')
  if (selection.expansions.has('author_id')) shown.add('author_id')
  const group = (source: string, repeated: readonly string[]) => {
    const own = wireNumbers(numbers, metricsIn(source, call.now))
    return respelled({ ...pick(numbers, repeated), ...own }, words.reposts)
  }
  const all: JsonObject = {
    id,
    text: escaped(isLong ? `${publication.text.slice(0, TEXT_MAX - 1)}…` : publication.text),
    [words.edits]: [id],
    created_at: publication.publishedAt.toISOString(),
    author_id: publication.account.platformAccountId,
    conversation_id: id,
    lang: 'en',
    possibly_sensitive: false,
    ...(media_keys.length === 0 ? {} : { attachments: { media_keys } }),
    ...(isLong ? { [words.note]: { text: escaped(publication.text) } } : {}),
    ...(referencedId === null ? {} : { [words.references]: [reference(kind, referencedId)] }),
    public_metrics: group('public_metrics', []),
    ...Object.fromEntries(PRIVATE.map((name) => [name, group(name, REPEATED[name])])),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => shown.has(name)))
}

function respelled(numbers: Record<string, number>, reposts: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [
      name === 'retweet_count' ? reposts : name,
      value,
    ]),
  )
}

function reference(kind: Entry['kind'], id: string): JsonObject {
  return { type: kind === 'repost' ? 'retweeted' : 'replied_to', id }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
