import { livingMetrics } from '../catalogue.ts'
import { publicationNumbersFor } from '../numbers.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { refusal } from './errors.ts'
import { elementsAnswer } from './organization.ts'
import { checkNames, namedUrns, urnIn } from './restli.ts'
import { CONTENT_ADMINISTRATOR, readRoute } from './route.ts'

const GROUP = {
  platform: 'linkedin',
  subjects: ['video'],
  sources: ['videoAnalytics'],
} as const

/** A type that the catalogue does not know. */
const OTHER_TYPE = 'TIME_WATCHED_FOR_VIDEO_VIEWS'
const KEPT_MS = 183 * 86_400_000

/** One number of one video. */
export const videoRoute = readRoute({
  path: '/rest/videoAnalytics',
  resource: 'videoAnalytics.FINDER-entity',
  permission: CONTENT_ADMINISTRATOR,
  idsOf: (call) => namedUrns(call, ['entity']),
  read({ call, caller, parameters, simulation }) {
    checkNames(parameters, ['q', 'entity', 'type', 'aggregation'])
    const entity = urnIn(parameters, 'entity')
    const type = parameters.get('type') ?? ''
    const retired = simulation.faults.takeAll('retired_metric', faultTarget(call, [entity]))
    const metric = livingMetrics(GROUP, call.now).find(({ wire }) => wire === type)
    const isType = metric !== undefined || type === OTHER_TYPE
    const isKnown = isType && !retired.some((fault) => fault.metric === type)
    const isFinder = parameters.get('q') === 'entity' && parameters.get('aggregation') === 'ALL'
    if (!isKnown || !isFinder) throw refusal('PARAM_INVALID')
    const post = simulation.world.publication('linkedin', entity, call.now)
    const isOwn = post !== null && post.account === caller && isShown(post, call.now)
    if (!isOwn || post.contentType !== 'video') throw refusal('PARAM_INVALID')
    const numbers = publicationNumbersFor(call, post, simulation)
    const value = metric === undefined ? undefined : numbers[metric.name]
    const isOld = call.now.getTime() - post.publishedAt.getTime() > KEPT_MS
    if (value === undefined || isOld) return elementsAnswer([])
    const isText = simulation.switches.linkedinVideoValues === 'strings'
    const timeRange = { start: post.publishedAt.getTime(), end: call.now.getTime() }
    const element = { entity, statisticsType: type, timeRange, value: isText ? `${value}` : value }
    return elementsAnswer([element])
  },
})
