import { metricsOf } from '../../domain/catalog/catalog.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { SimulatedAccount } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { accountNumbersFor } from '../numbers.ts'
import { refusal } from './errors.ts'
import { checkNames, daysIn, decodedUrn, urnIn } from './restli.ts'
import { ADMINISTRATOR, type Admitted, ANYONE, readRoute } from './route.ts'
import { gainsOn } from './world.ts'

/** A page: its name, its followers and what its visitors do. */
export const organizationRoutes = [
  readRoute({
    path: '/rest/organizations/:id',
    resource: 'organizations.GET',
    permission: ADMINISTRATOR,
    read: organizationAnswer,
  }),
  readRoute({
    path: '/rest/networkSizes/:id',
    resource: 'networkSizes.GET',
    permission: ANYONE,
    read: networkSizeAnswer,
  }),
  readRoute({
    path: '/rest/organizationPageStatistics',
    resource: 'organizationPageStatistics.FINDER-organization',
    permission: ADMINISTRATOR,
    read: pageStatisticsAnswer,
  }),
  readRoute({
    path: '/rest/organizationalEntityFollowerStatistics',
    resource: 'organizationalEntityFollowerStatistics.FINDER-organizationalEntity',
    permission: ADMINISTRATOR,
    read: followerStatisticsAnswer,
  }),
]

/** The elements of a finder on their only page. */
export function elementsAnswer(elements: JsonObject[]): Answer {
  return jsonAnswer(200, { paging: { start: 0, count: 10, links: [] }, elements })
}

/** Refuses a page that is not the caller's own; a role on one says nothing about another. */
export function ownPage({ caller }: Admitted, urn: string): SimulatedAccount {
  if (urn === `urn:li:organization:${caller.platformAccountId}`) return caller
  throw refusal('ACCESS_DENIED', 'Not enough permissions to access: this organization')
}

/** Numbers nested as LinkedIn nests them, by the paths that the catalogue keeps of their names. */
export function nested(
  numbers: Record<string, number>,
  metrics: readonly { name: string; wire: string }[],
): JsonObject {
  const root: JsonObject = {}
  for (const { name, wire } of metrics) {
    const value = numbers[name]
    if (value === undefined) continue
    const path = wire.split('.')
    const last = path.pop() ?? ''
    let place = root
    for (const key of path) {
      const inner = Object(place[key] ?? {}) as JsonObject
      place[key] = inner
      place = inner
    }
    place[last] = last.endsWith('CustomButtonClickCounts') ? buttons(value) : value
  }
  return root
}

function buttons(clicks: number): JsonValue {
  const site = Math.floor(clicks / 3)
  const all = [
    { customButtonType: 'VISIT_WEBSITE', clicks: site },
    { customButtonType: 'LEARN_MORE', clicks: clicks - site },
  ]
  return all.filter((button) => button.clicks > 0)
}

function organizationAnswer({ call, caller }: Admitted): Answer {
  const id = call.params['id'] ?? ''
  if (id !== caller.platformAccountId) throw refusal('RESOURCE_NOT_FOUND')
  return jsonAnswer(200, {
    id: Number(id),
    vanityName: caller.handle,
    localizedName: caller.displayName,
    primaryOrganizationType: 'NONE',
    logoV2: { original: `urn:li:digitalmediaAsset:${caller.handle}` },
  })
}

function networkSizeAnswer(admitted: Admitted): Answer {
  const { call, caller, parameters, simulation } = admitted
  const urn = decodedUrn(call.path.split('/').at(-1) ?? '')
  if (urn === null || parameters.get('edgeType') !== 'COMPANY_FOLLOWED_BY_MEMBER') {
    throw refusal('PARAM_INVALID')
  }
  ownPage(admitted, urn)
  const numbers = accountNumbersFor(call, caller, simulation)
  return jsonAnswer(200, nested(numbers, metricsFrom('networkSizes')))
}

function pageStatisticsAnswer(admitted: Admitted): Answer {
  const { call, caller, parameters, simulation } = admitted
  checkNames(parameters, ['q', 'organization'])
  const organization = urnIn(parameters, 'organization')
  if (parameters.get('q') !== 'organization') throw refusal('PARAM_INVALID')
  ownPage(admitted, organization)
  const numbers = accountNumbersFor(call, caller, simulation)
  const totalPageStatistics = nested(numbers, metricsFrom('organizationPageStatistics'))
  if (Object.keys(totalPageStatistics).length === 0) return elementsAnswer([])
  return elementsAnswer([
    {
      organization,
      totalPageStatistics,
      pageStatisticsBySeniority: [
        {
          seniority: 'urn:li:seniority:4',
          pageStatistics: { views: { allPageViews: { pageViews: 9 } } },
        },
      ],
      pageStatisticsByFunction: [],
      pageStatisticsByStaffCountRange: [],
      pageStatisticsByIndustryV2: [],
      pageStatisticsByGeoCountry: [],
    },
  ])
}

function metricsFrom(source: string) {
  return metricsOf('linkedin', 'account').filter((metric) => metric.source === source)
}

function followerStatisticsAnswer(admitted: Admitted): Answer {
  const { call, caller, parameters, simulation } = admitted
  checkNames(parameters, ['q', 'organizationalEntity', 'timeIntervals'])
  const organizationalEntity = urnIn(parameters, 'organizationalEntity')
  if (parameters.get('q') !== 'organizationalEntity') throw refusal('PARAM_INVALID')
  ownPage(admitted, organizationalEntity)
  const days = daysIn(parameters)
  // Without a range there are breakdowns by facets, and no total.
  if (days === null) return elementsAnswer([{ organizationalEntity, ...FACETS }])
  const shown = accountNumbersFor(call, caller, simulation)
  const hasGains = 'follower_statistics_organic_follower_gain' in shown
  const others = metricsFrom('organizationalEntityFollowerStatistics').filter(
    ({ wire }) => !DAILY.includes(wire),
  )
  const over = days.filter((day) => hasGains && day.getTime() + 86_400_000 <= call.now.getTime())
  return elementsAnswer(
    over.map((day) => {
      const { organic, paid } = gainsOn(caller, day)
      // What the world does not tell day by day all happened on the last one.
      const rest = day === over.at(-1) ? nested(shown, others) : {}
      return {
        timeRange: { start: day.getTime(), end: day.getTime() + 86_400_000 },
        organizationalEntity,
        followerGains: {
          ...{ organicFollowerGain: organic, paidFollowerGain: paid },
          ...Object(rest['followerGains'] ?? {}),
        },
      }
    }),
  )
}

const DAILY = ['followerGains.organicFollowerGain', 'followerGains.paidFollowerGain']

const FACETS: JsonObject = {
  followerCountsByAssociationType: [
    {
      associationType: 'EMPLOYEE',
      followerCounts: { organicFollowerCount: 31, paidFollowerCount: 0 },
    },
  ],
  followerCountsBySeniority: [],
  followerCountsByIndustry: [],
  followerCountsByFunction: [],
  followerCountsByStaffCountRange: [],
  followerCountsByGeoCountry: [],
  followerCountsByGeo: [],
}
