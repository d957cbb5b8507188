import { isScopeGranted, requestedMetrics } from '../../domain/catalog/catalog.ts'
import { type AccountReading, ConnectorError, type Failure } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import { requireNumericId } from '../batches.ts'
import { failureIn, isPassing } from '../failures.ts'
import { objectAt, objectsAt } from '../json.ts'
import { dayOf, mergeNumbers, type Numbers, notShown } from '../numbers.ts'
import { LABEL } from './errors.ts'
import { addedUp, flattened, type Leaves, numbersIn } from './flatten.ts'
import { readElements } from './pages.ts'
import { readProfile } from './profile.ts'
import { reasonOf } from './reasons.ts'
import type { LinkedinSession } from './request.ts'
import { daysBetween, encodedUrn, organizationUrn } from './restli.ts'

const WINDOW_DAYS = 30
const DAY_MS = 86_400_000

/** One of the requests that make up an account's reading. Its name is the catalogue's source. */
interface Group {
  source: string
  ask(
    session: LinkedinSession,
    organization: string,
  ): Promise<{ leaves: Leaves; payload: JsonValue }>
}

const NETWORK_SIZE: Group = {
  source: 'networkSizes',
  ask: ({ api, account, context }, organization) => {
    const params = { edgeType: 'COMPANY_FOLLOWED_BY_MEMBER' }
    const path = `/rest/networkSizes/${organization}` as const
    return api.ask({ path, params, method: 'GET' }, account, context, (body) => {
      const sizes = objectAt(body, '')
      const metrics = requestedMetrics('linkedin', 'account', 'networkSizes', dayOf(context.now))
      const leaves = metrics.flatMap(({ name, wire }) => {
        const size = sizes[wire]
        return size === undefined ? [] : [[name, size] as const]
      })
      return { leaves: new Map(leaves), payload: body }
    })
  },
}

const STATISTICS: readonly Group[] = [
  {
    source: 'organizationPageStatistics',
    ask: (session, organization) =>
      askLifetime(session, { q: 'organization', organization }, 'page_statistics', {
        source: 'organizationPageStatistics',
        wrapper: 'totalPageStatistics',
      }),
  },
  { source: 'organizationalEntityFollowerStatistics', ask: askFollowerGains },
  {
    source: 'organizationalEntityShareStatistics',
    ask: (session, organizationalEntity) => {
      const params = { q: 'organizationalEntity', organizationalEntity }
      return askLifetime(session, params, 'share_statistics', {
        source: 'organizationalEntityShareStatistics',
        wrapper: 'totalShareStatistics',
      })
    },
  },
]

/**
 * A page's numbers in four calls: its followers, its statistics and those of its posts (scope
 * `rw_organization_admin`, role ADMINISTRATOR), and the followers won over the last 30 complete
 * days in UTC. What fails in one does not take the others. Once a day a fifth call tells its name.
 */
export async function readLinkedinAccount(session: LinkedinSession): Promise<AccountReading> {
  const { platformAccountId } = session.account.account
  requireNumericId(LABEL, platformAccountId)
  const organization = encodedUrn(organizationUrn(platformAccountId))
  // The first call finds out whether the token is good before the others go out.
  const first = await readGroup(session, organization, NETWORK_SIZE)
  throwIfRefused([first])
  throwIfSilent(first)
  const others = STATISTICS.map((group) => readGroup(session, organization, group))
  const parts = [first, ...(await Promise.all(others))]
  throwIfRefused(parts)
  throwIfWhole(parts, session.context.signal)
  return {
    ...mergeNumbers(...parts.map((part) => part.numbers)),
    payload: Object.assign({}, ...parts.map((part) => part.payload)),
    profile: await readProfile(session),
    ...unreadIn(parts),
  }
}

interface Part {
  numbers: Numbers
  payload: JsonObject
  failure: Failure | null
}

async function readGroup(
  session: LinkedinSession,
  organization: string,
  group: Group,
): Promise<Part> {
  const { account, context } = session
  const metrics = requestedMetrics('linkedin', 'account', group.source, dayOf(context.now))
  const needed = metrics.flatMap((metric) => metric.requiredScopes)
  const lacking = needed.find((scope) => !isScopeGranted('linkedin', scope, account.account.scopes))
  // The size of the network is told to any administrator, whatever the scope.
  if (lacking !== undefined && group !== NETWORK_SIZE) return lackingPart(metrics, lacking)
  try {
    const { leaves, payload } = await group.ask(session, organization)
    const numbers = numbersIn('account', metrics, leaves)
    return { numbers, payload: { [group.source]: payload }, failure: null }
  } catch (error) {
    return failedPart(group, metrics, failureIn(error))
  }
}

function failedPart(
  { source }: Group,
  metrics: readonly MetricDefinition[],
  failure: Failure,
): Part {
  const names = metrics.map(({ name }) => name)
  const missing = Object.fromEntries(names.map((name) => [name, reasonOf(failure)]))
  const warnings = [notShown('linkedin', names, `${source} failed. ${failure.message}`)]
  return { numbers: { native: {}, missing, warnings }, payload: {}, failure }
}

function lackingPart(metrics: readonly MetricDefinition[], scope: string): Part {
  const names = metrics.map(({ name }) => name)
  const missing = Object.fromEntries(names.map((name) => [name, 'missing_scope' as const]))
  const warnings = [notShown('linkedin', names, `${scope} was not granted.`)]
  return { numbers: { native: {}, missing, warnings }, payload: {}, failure: null }
}

function failuresOf(parts: readonly Part[]): Failure[] {
  return parts.flatMap((part) => part.failure ?? [])
}

function throwIfRefused(parts: readonly Part[]): void {
  const failure = failuresOf(parts).find(({ kind }) => kind === 'unauthorized')
  if (failure !== undefined) throw new ConnectorError(failure)
}

/** Who does not answer at all would let every further call wait as long as this one. */
function throwIfSilent({ failure }: Part): void {
  if (failure?.kind === 'unavailable' && failure.status === null) throw new ConnectorError(failure)
}

function throwIfWhole(parts: readonly Part[], { aborted }: AbortSignal): void {
  const [failure] = failuresOf(parts)
  if (failure === undefined) return
  // What was cancelled says nothing of the page.
  if (aborted) throw new ConnectorError(failure)
  if (parts.some((part) => Object.keys(part.payload).length > 0)) return
  throw new ConnectorError(limitIn(parts) ?? denialOf(parts) ?? failure)
}

/** Each endpoint has a quota of its own: one that is used up says nothing of the others. */
function limitIn(parts: readonly Part[]): Failure | null {
  return failuresOf(parts).find(({ kind }) => kind === 'rate_limited') ?? null
}

/** Why a group could not be read that is worth another try; empty without one. */
function unreadIn(parts: readonly Part[]): { unread?: Failure } {
  const unread = limitIn(parts) ?? failuresOf(parts).find(isPassing)
  return unread === undefined ? {} : { unread }
}

/** Of a page that refuses every question, no scope is missing: it is closed to this member. */
function denialOf(parts: readonly Part[]): Failure | null {
  const [first] = failuresOf(parts)
  const isDenied = parts.every(({ failure }) => failure?.kind === 'missing_scope')
  if (first === undefined || !isDenied) return null
  const message = `${LABEL} shows this member nothing of the page. ${first.message}`
  return { ...first, kind: 'unsupported', message }
}

function askLifetime(
  { api, account, context }: LinkedinSession,
  params: Record<string, string>,
  prefix: string,
  { source, wrapper }: { source: string; wrapper: string },
): Promise<{ leaves: Leaves; payload: JsonValue }> {
  const query = { path: `/rest/${source}`, params, method: 'FINDER' } as const
  return api.ask(query, account, context, (body) => {
    const [element] = objectsAt(body, 'elements')
    return { leaves: flattened(prefix, element?.[wrapper]), payload: body }
  })
}

async function askFollowerGains(session: LinkedinSession, organizationalEntity: string) {
  const today = new Date(Math.floor(session.context.now.getTime() / DAY_MS) * DAY_MS)
  const since = new Date(today.getTime() - WINDOW_DAYS * DAY_MS)
  const elements = await readElements(session, {
    path: '/rest/organizationalEntityFollowerStatistics',
    params: {
      q: 'organizationalEntity',
      organizationalEntity,
      timeIntervals: daysBetween(since, today),
    },
    method: 'FINDER',
  })
  const days = elements.map((day) => flattened('follower_statistics', day['followerGains']))
  return { leaves: addedUp(days), payload: { elements } }
}
