import { metricsOf } from '../../domain/catalog/catalog.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Answer } from '../answer.ts'
import { accountNumbersFor, publicationNumbersFor } from '../numbers.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { deniedMessage, refusal } from './errors.ts'
import { elementsAnswer, nested, ownPage } from './organization.ts'
import { checkNames, namedUrns, urnIn, urnsIn } from './restli.ts'
import { ADMINISTRATOR, type Admitted, readRoute } from './route.ts'

const RESOURCE = 'organizationalEntityShareStatistics.FINDER-organizationalEntity'
const SOURCE = 'organizationalEntityShareStatistics'

const LISTS = { shares: 'share', ugcPosts: 'ugcPost' } as const

/** What became of a page's posts: of all together, or of some by their URNs. */
export const shareRoute = readRoute({
  path: '/rest/organizationalEntityShareStatistics',
  resource: RESOURCE,
  permission: ADMINISTRATOR,
  idsOf: (call) => namedUrns(call, ['shares', 'ugcPosts']),
  read(admitted) {
    const { parameters } = admitted
    checkNames(parameters, ['q', 'organizationalEntity', 'shares', 'ugcPosts'])
    const page = urnIn(parameters, 'organizationalEntity')
    if (parameters.get('q') !== 'organizationalEntity') throw refusal('PARAM_INVALID')
    ownPage(admitted, page)
    const lists = (['shares', 'ugcPosts'] as const).flatMap((name) => {
      const urns = urnsIn(parameters, name)
      return urns === null ? [] : urns.map((urn) => ({ urn, kind: LISTS[name] }))
    })
    const isWhole = !parameters.has('shares') && !parameters.has('ugcPosts')
    return isWhole ? pageAnswer(admitted, page) : postsAnswer(admitted, page, lists)
  },
})

function pageAnswer({ call, caller, simulation }: Admitted, organizationalEntity: string): Answer {
  const numbers = accountNumbersFor(call, caller, simulation)
  const metrics = metricsOf('linkedin', 'account').filter(({ source }) => source === SOURCE)
  const totalShareStatistics = nested(numbers, metrics)
  const isSilent = Object.keys(totalShareStatistics).length === 0
  return elementsAnswer(isSilent ? [] : [{ organizationalEntity, totalShareStatistics }])
}

function postsAnswer(
  admitted: Admitted,
  organizationalEntity: string,
  lists: readonly { urn: string; kind: string }[],
): Answer {
  const { call, simulation } = admitted
  const { faults } = simulation
  // Somebody else's post can spoil the whole call.
  const isSpoilt = lists.some(
    ({ urn }) => faults.take(['forbidden'], faultTarget(call, [urn])) !== null,
  )
  const version = `${call.headers['linkedin-version']}`
  if (isSpoilt) throw refusal('ACCESS_DENIED', deniedMessage(RESOURCE, version))
  const elements = lists
    .filter(({ urn, kind }) => urn.startsWith(`urn:li:${kind}:`))
    .flatMap(({ urn, kind }) => {
      const statistics = statisticsOf(admitted, urn)
      if (statistics === null) return []
      return [{ organizationalEntity, [kind]: urn, totalShareStatistics: statistics }]
    })
  // No order is promised.
  return elementsAnswer(elements.reverse())
}

// Left out without a word: what is gone or somebody else's, and what nobody has seen yet.
function statisticsOf({ call, caller, simulation }: Admitted, urn: string): JsonObject | null {
  const { faults, world } = simulation
  const post = world.publication('linkedin', urn, call.now)
  const isLost = faults.take(['gone', 'unfinished'], faultTarget(call, [urn])) !== null
  if (isLost || post === null || post.account !== caller || !isShown(post, call.now)) return null
  const numbers = publicationNumbersFor(call, post, simulation)
  const metrics = metricsOf('linkedin', 'post').filter(({ source }) => source === SOURCE)
  const statistics = nested(numbers, metrics)
  return Object.keys(statistics).length === 0 ? null : statistics
}
