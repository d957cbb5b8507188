import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { refusal } from './errors.ts'
import { ownPage } from './organization.ts'
import { checkNames, decodedUrn, namedUrns, urnIn, urnsIn } from './restli.ts'
import { type Admitted, CONTENT_ADMINISTRATOR, readRoute } from './route.ts'

const PAGE_MAX = 100
const BATCH_MAX = 100

/** A page's posts: listed, by their URNs, or a single one. */
export const postRoutes = [
  readRoute({
    path: '/rest/posts',
    resource: 'posts.FINDER-author',
    permission: CONTENT_ADMINISTRATOR,
    namesMethod: true,
    idsOf: (call) => namedUrns(call, ['ids']),
    read: (admitted) =>
      admitted.parameters.has('ids') ? batchAnswer(admitted) : listAnswer(admitted),
  }),
  readRoute({
    path: '/rest/posts/:id',
    resource: 'posts.GET',
    permission: CONTENT_ADMINISTRATOR,
    idsOf: (call) => [decodedUrn(call.path.split('/').at(-1) ?? '') ?? ''],
    read(admitted) {
      const urn = decodedUrn(admitted.call.path.split('/').at(-1) ?? '')
      if (urn === null) throw refusal('PARAM_INVALID')
      const post = postOf(admitted, urn)
      if (post === null) throw refusal('RESOURCE_NOT_FOUND')
      return jsonAnswer(200, post)
    },
  }),
]

function listAnswer(admitted: Admitted): Answer {
  const { call, caller, parameters, simulation } = admitted
  checkNames(parameters, ['q', 'author', 'count', 'start', 'sortBy', 'isDsc'])
  const author = urnIn(parameters, 'author')
  const isFinder = call.headers['x-restli-method'] === 'FINDER'
  if (parameters.get('q') !== 'author' || !isFinder) throw refusal('PARAM_INVALID')
  ownPage(admitted, author)
  const count = wholeNumber(parameters.get('count') ?? '10', 1, PAGE_MAX)
  const start = wholeNumber(parameters.get('start') ?? '0', 0, Number.MAX_SAFE_INTEGER)
  const all = simulation.world
    .publications(caller, call.now)
    .filter((post) => isShown(post, call.now) && !isGone(admitted, post.platformPostId))
    .map((post) => postObject(post))
    .concat(unpublished(author, caller.hasChatter))
  const isEmpty = simulation.faults.take(['empty_page'], faultTarget(call, [])) !== null
  const page = isEmpty ? [] : all.slice(start, start + count)
  const hasMore = all.length > start + count
  const href = `/rest/posts?q=author&author=${encodeURIComponent(author)}`
  const next = `${href}&count=${count}&start=${start + count}`
  const links = hasMore ? [{ type: 'application/json', rel: 'next', href: next }] : []
  // The number of all posts is told on some pages only.
  const total = start === 0 ? { total: all.length } : {}
  return jsonAnswer(200, { paging: { start, count, links, ...total }, elements: page })
}

// Drafts, and advertisements that no page shows, stand between the posts of a busy page.
function unpublished(author: string, hasChatter: boolean): JsonObject[] {
  if (!hasChatter) return []
  const common = { author, visibility: 'PUBLIC', createdAt: 1_790_000_000_000 }
  return [
    { ...common, id: 'urn:li:share:1', commentary: 'Not yet', lifecycleState: 'DRAFT' },
    {
      ...common,
      id: 'urn:li:ugcPost:2',
      commentary: 'Buy this',
      lifecycleState: 'PUBLISHED',
      adContext: { isDsc: true, dscStatus: 'ACTIVE' },
    },
  ]
}

function batchAnswer(admitted: Admitted): Answer {
  const { call, parameters } = admitted
  checkNames(parameters, ['ids'])
  const urns = urnsIn(parameters, 'ids') ?? []
  const isBatch = call.headers['x-restli-method'] === 'BATCH_GET'
  if (!isBatch || urns.length > BATCH_MAX) throw refusal('PARAM_INVALID')
  const posts = urns.map((urn) => [urn, postOf(admitted, urn)] as const)
  const found = posts.flatMap(([urn, post]) => (post === null ? [] : [[urn, post] as const]))
  const lost = posts.filter(([, post]) => post === null).map(([urn]) => urn)
  const notFound = { status: 404, message: 'Not Found', serviceErrorCode: 0 }
  return jsonAnswer(200, {
    // Keys come encoded now and then.
    results: Object.fromEntries(
      found.map(([urn, post]) => [urn.endsWith('1') ? encodeURIComponent(urn) : urn, post]),
    ),
    // The successes are left out.
    statuses: Object.fromEntries(lost.map((urn) => [urn, 404])),
    errors: Object.fromEntries(lost.map((urn) => [urn, notFound])),
  })
}

function postOf(admitted: Admitted, urn: string): JsonObject | null {
  const { call, simulation } = admitted
  const post = simulation.world.publication('linkedin', urn, call.now)
  if (post === null || !isShown(post, call.now) || isGone(admitted, urn)) return null
  return postObject(post)
}

// The statistics leave out what is gone, and the listing does as well.
function isGone({ call, simulation }: Admitted, urn: string): boolean {
  return simulation.faults.take(['gone'], faultTarget(call, [urn])) !== null
}

function postObject(post: SimulatedPublication): JsonObject {
  const publishedAt = post.publishedAt.getTime()
  return {
    id: post.platformPostId,
    author: `urn:li:organization:${post.account.platformAccountId}`,
    commentary: post.text.replace(/[(){}[\]<>@#*_~|\\]/g, '\\$&'),
    visibility: 'PUBLIC',
    lifecycleState: 'PUBLISHED',
    createdAt: publishedAt - 1000,
    publishedAt,
    lastModifiedAt: publishedAt,
    distribution: {
      feedDistribution: 'MAIN_FEED',
      targetEntities: [],
      thirdPartyDistributionChannels: [],
    },
    ...contentOf(post),
    isReshareDisabledByAuthor: false,
    lifecycleStateInfo: { isEditedByAuthor: false },
  }
}

function contentOf({ contentType, platformPostId, text }: SimulatedPublication): JsonObject {
  const key = platformPostId.split(':').at(-1) ?? ''
  switch (contentType) {
    case 'video':
      return { content: { media: { id: `urn:li:video:C5F${key}`, title: text.slice(0, 40) } } }
    case 'image':
      return { content: { media: { id: `urn:li:image:C4E${key}`, altText: '' } } }
    case 'carousel':
      return {
        content: {
          multiImage: { images: [0, 1, 2].map((place) => ({ id: `urn:li:image:C4E${place}` })) },
        },
      }
    default:
      return {}
  }
}

function wholeNumber(text: string, low: number, high: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= low && number <= high) return number
  throw refusal('PARAM_INVALID')
}
