import { isScopeGranted } from '../../domain/catalog/catalog.ts'
import {
  ConnectorError,
  type PublicationOutcome,
  type PublicationReading,
  type PublicationRef,
} from '../../domain/connector.ts'
import type { ContentType } from '../../domain/content.ts'
import type { JsonObject } from '../../domain/json.ts'
import { failAlike, inBatches, readBatches } from '../batches.ts'
import { failureIn, unanswered } from '../failures.ts'
import { objectsAt, wordsOf } from '../json.ts'
import { contentMetrics, dayOf } from '../numbers.ts'
import { LABEL } from './errors.ts'
import { flattened, numbersIn } from './flatten.ts'
import type { LinkedinSession } from './request.ts'
import { encodedUrn, listOf, organizationUrn, type PostKind, postKindOf } from './restli.ts'

const SOURCE = 'organizationalEntityShareStatistics'
const SCOPE = 'rw_organization_admin'
const BATCH_SIZE = 50

const PARAMETERS: Record<PostKind, string> = { share: 'shares', ugcPost: 'ugcPosts' }

/** How the statistics of posts went. */
export interface ShareStatistics {
  outcomes: PublicationOutcome[]
  /** Posts of which LinkedIn said nothing: silent or gone, which it does not tell apart. */
  silent: Set<string>
}

/** Tells which posts of a refused batch cannot be this page's; null when none can be told. */
export type FindStrangers = (
  refs: readonly PublicationRef[],
) => Promise<Map<string, PublicationOutcome> | null>

/**
 * The statistics of posts (scope `rw_organization_admin`, role ADMINISTRATOR), 50 a call, shares
 * and other posts apart. A post without activity is left out: it has no numbers then. A batch that
 * LinkedIn refuses for one of its posts is asked for again without that.
 */
export async function readShareStatistics(
  session: LinkedinSession,
  refs: readonly PublicationRef[],
  findStrangers: FindStrangers,
): Promise<ShareStatistics> {
  const silent = new Set<string>()
  if (!isScopeGranted('linkedin', SCOPE, session.account.account.scopes)) {
    const failure = unanswered('missing_scope', `${LABEL}: ${SCOPE} was not granted.`)
    return { outcomes: failAlike(refs, failure), silent }
  }
  const batches = (['share', 'ugcPost'] as const).flatMap((kind) =>
    inBatches(
      refs.filter((ref) => postKindOf(ref.platformPostId) === kind),
      BATCH_SIZE,
    ),
  )
  const read = (batch: PublicationRef[]) => readBatch(session, batch, silent)
  const outcomes = await readBatches(batches, (batch) =>
    read(batch).catch(async (error: unknown) => {
      const strangers = isAboutPosts(error) ? await findStrangers(batch) : null
      if (strangers === null || strangers.size === 0) throw aboutPage(error)
      const own = batch.filter(({ platformPostId }) => !strangers.has(platformPostId))
      return [...strangers.values(), ...(own.length === 0 ? [] : await read(own))]
    }),
  ).catch((error: unknown) => {
    const failure = failureIn(error)
    // Without these numbers, those of videos can still be had.
    if (failure.kind !== 'missing_scope') throw new ConnectorError(failure)
    return failAlike(refs, failure)
  })
  return { outcomes, silent }
}

/** What of a page is not found is no word about its posts, which may well be there. */
function aboutPage(error: unknown): ConnectorError {
  const failure = failureIn(error)
  return new ConnectorError(failure.kind === 'gone' ? { ...failure, kind: 'unsupported' } : failure)
}

function isAboutPosts(error: unknown): boolean {
  return ['missing_scope', 'gone', 'misconfigured'].includes(failureIn(error).kind)
}

async function readBatch(
  { api, account, context }: LinkedinSession,
  batch: readonly PublicationRef[],
  silent: Set<string>,
): Promise<PublicationOutcome[]> {
  const ids = batch.map((ref) => ref.platformPostId)
  const kind = postKindOf(ids[0] ?? '') ?? 'share'
  const params = {
    q: 'organizationalEntity',
    organizationalEntity: encodedUrn(organizationUrn(account.account.platformAccountId)),
    [PARAMETERS[kind]]: listOf(ids),
  }
  const query = { path: `/rest/${SOURCE}`, params, method: 'FINDER' } as const
  return api.ask(query, account, context, (body) => {
    // Elements come in no promised order.
    const elements = new Map(
      objectsAt(body, 'elements').map((element) => [wordsOf(element[kind]), element]),
    )
    return batch.map(({ contentType, platformPostId }) => {
      const element = elements.get(platformPostId)
      if (element === undefined) silent.add(platformPostId)
      return { platformPostId, reading: toReading(element, contentType, context.now) }
    })
  })
}

function toReading(
  element: JsonObject | undefined,
  contentType: ContentType,
  now: Date,
): PublicationReading {
  const metrics = contentMetrics('linkedin', contentType, [SOURCE], dayOf(now))
  const leaves = flattened('share_statistics', element?.['totalShareStatistics'])
  const numbers = numbersIn('post', metrics, leaves)
  const payload = element === undefined ? {} : { shareStatistics: element }
  return { ...numbers, payload, content: null }
}
