import { livingMetrics, type MetricGroup, wireNames } from '../catalogue.ts'
import type { Call, Simulation } from '../simulation.ts'
import { invalidParameter } from './errors.ts'
import type { Vocabulary } from './vocabulary.ts'

const USER_FIELDS = `affiliation,connection_status,created_at,description,entities,id,
is_identity_verified,location,most_recent_tweet_id,most_recent_post_id,name,parody,pinned_tweet_id,
pinned_post_id,profile_banner_url,profile_image_url,protected,public_metrics,receives_your_dm,
subscription,subscription_type,url,username,verified,verified_type,withheld`

const POST_FIELDS = `article,attachments,author_id,card_uri,community_id,context_annotations,
conversation_id,created_at,display_text_range,edit_controls,entities,geo,id,in_reply_to_user_id,
lang,media_metadata,non_public_metrics,organic_metrics,possibly_sensitive,promoted_metrics,
public_metrics,reply_settings,scopes,source,suggested_source_links,text,withheld`

const MEDIA_FIELDS = `alt_text,duration_ms,height,media_key,non_public_metrics,organic_metrics,
preview_image_url,promoted_metrics,public_metrics,type,url,variants,width`

const EXPANSIONS = `attachments.media_keys,attachments.poll_ids,author_id,
entities.mentions.username,geo.place_id,in_reply_to_user_id`

/** The metrics that are fields of a user themselves. */
const USER: MetricGroup = { platform: 'x', subjects: ['account'], sources: ['user'] }

/** What a call selects, checked against what there is. */
export interface Selection {
  words: Vocabulary
  user: Set<string>
  post: Set<string>
  media: Set<string>
  expansions: Set<string>
}

/** Reads and checks the selectors of a call. Refuses unknown values, as the platform does. */
export function selectionOf(call: Call, simulation: Simulation, words: Vocabulary): Selection {
  const set = (name: string, known: string[]) => listOf(call, simulation, name, known)
  return {
    words,
    user: set('user.fields', [
      ...namesIn(USER_FIELDS),
      ...wireNames(livingMetrics(USER, call.now)),
    ]),
    post: set(words.selector, [...namesIn(POST_FIELDS), words.references, words.note, words.edits]),
    media: set('media.fields', namesIn(MEDIA_FIELDS)),
    expansions: set('expansions', [...namesIn(EXPANSIONS), words.referencesExpansion]),
  }
}

/** Refuses parameters that the path does not have. */
export function checkParameters(call: Call, simulation: Simulation, known: string[]): void {
  for (const name of call.query.keys()) {
    if (known.includes(name)) continue
    const message = `The query parameter [${name}] is not one of [${known.join(',')}]`
    throw invalidParameter(call, simulation, name, message)
  }
}

/** The ids of a batch: 1 to 100 different numbers of at most 19 digits. */
export function batchIds(call: Call, simulation: Simulation): string[] {
  const given = call.query.get('ids')
  const refuse = (message: string) => invalidParameter(call, simulation, 'ids', message)
  if (given === null || given === '') throw refuse('The `ids` query parameter can not be empty')
  const ids = given.split(',')
  const wrong = ids.find((id) => !isId(id))
  if (wrong !== undefined) throw refuse(`The \`ids\` query parameter value [${wrong}] is not valid`)
  if (ids.length > 100) {
    throw refuse(
      `The number of values in the \`ids\` query parameter list [${ids.length}] is not between 1 and 100`,
    )
  }
  if (new Set(ids).size < ids.length) throw refuse('The `ids` query parameter contains duplicates')
  return ids
}

/** The id in a path. */
export function pathId(call: Call, simulation: Simulation): string {
  const id = call.params['id'] ?? ''
  if (isId(id)) return id
  const message = `The \`id\` query parameter value [${id}] is not valid`
  throw invalidParameter(call, simulation, 'id', message)
}

/** A whole number within bounds; `usual` without the parameter. */
export function numberWithin(
  call: Call,
  simulation: Simulation,
  name: string,
  { low, high, usual }: { low: number; high: number; usual: number },
): number {
  const given = call.query.get(name)
  const number = given === null ? usual : Number(given)
  if (Number.isInteger(number) && number >= low && number <= high) return number
  const message = `The \`${name}\` query parameter value [${given}] is not between ${low} and ${high}`
  throw invalidParameter(call, simulation, name, message)
}

/** An instant in the platform's form, whole seconds in UTC; null without the parameter. */
export function instantOf(call: Call, simulation: Simulation, name: string): Date | null {
  const given = call.query.get(name)
  if (given === null) return null
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(given)) return new Date(given)
  const message = `The \`${name}\` query parameter value [${given}] is not a valid RFC3339 date`
  throw invalidParameter(call, simulation, name, message)
}

/** The values of a list parameter, each one of those known. */
export function listOf(
  call: Call,
  simulation: Simulation,
  name: string,
  known: readonly string[],
): Set<string> {
  const values = (call.query.get(name) ?? '').split(',').filter((value) => value !== '')
  const wrong = values.find((value) => !known.includes(value))
  if (wrong === undefined) return new Set(values)
  const message = `The \`${name}\` query parameter value [${wrong}] is not one of [${known.join(',')}]`
  throw invalidParameter(call, simulation, name, message)
}

function namesIn(list: string): string[] {
  return list.split(',').map((name) => name.trim())
}

function isId(text: string): boolean {
  return /^\d{1,19}$/.test(text)
}
