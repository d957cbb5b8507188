import type { JsonObject } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'
import type { SimulatedAccount } from '../account.ts'
import { livingMetrics, wireNumbers } from '../catalogue.ts'
import { accountNumbersFor } from '../numbers.ts'
import { faultTarget } from '../simulation.ts'
import { unsupportedAuthentication } from './errors.ts'
import {
  fieldNotAuthorized,
  type ItemAsked,
  notFound,
  partialAnswer,
  suspended,
} from './item-errors.ts'
import { batchIds, pathId } from './parameters.ts'
import { type Admitted, readRoute } from './route.ts'

/** The paths below `/2/users` that answer users. */
export const userRoutes = [
  readRoute({
    path: '/2/users/me',
    parameters: [],
    perUser: 75,
    perApp: null,
    read(admitted) {
      const { caller, simulation } = admitted
      if (caller === null) return unsupportedAuthentication(simulation)
      return oneUser(admitted, 'id', caller.platformAccountId, caller)
    },
  }),
  readRoute({
    path: '/2/users/by/username/:username',
    parameters: [],
    perUser: 900,
    perApp: 300,
    read(admitted) {
      const username = admitted.call.params['username'] ?? ''
      return oneUser(admitted, 'username', username, named(admitted, username))
    },
  }),
  readRoute({
    path: '/2/users/by',
    parameters: ['usernames'],
    perUser: 900,
    perApp: 300,
    read(admitted) {
      const usernames = [...(admitted.call.query.get('usernames') ?? '').split(',')]
      return manyUsers(
        admitted,
        'usernames',
        usernames.map((name) => [name, named(admitted, name)]),
      )
    },
  }),
  readRoute({
    path: '/2/users/:id',
    parameters: [],
    perUser: 900,
    perApp: 300,
    read(admitted) {
      const id = pathId(admitted.call, admitted.simulation)
      return oneUser(admitted, 'id', id, admitted.simulation.world.account('x', id))
    },
  }),
  readRoute({
    path: '/2/users',
    parameters: ['ids'],
    perUser: 900,
    perApp: 300,
    read(admitted) {
      const ids = batchIds(admitted.call, admitted.simulation)
      const { world } = admitted.simulation
      return manyUsers(
        admitted,
        'ids',
        ids.map((id) => [id, world.account('x', id)]),
      )
    },
  }),
]

/** A user as answers and `includes` show it, with the fields that were selected. */
export function userObject(admitted: Admitted, account: SimulatedAccount): JsonObject {
  const { call, selection, simulation } = admitted
  const { index, isProtected, platformAccountId } = account
  const all: JsonObject = {
    id: platformAccountId,
    name: account.displayName,
    username: account.handle,
    created_at: `20${10 + (index % 10)}-03-02T09:10:11.000Z`,
    description: `${account.displayName} on X`,
    profile_image_url: account.avatarUrl,
    protected: isProtected,
    verified: true,
    verified_type: 'blue',
  }
  const numbers = accountNumbersFor(call, account, simulation)
  if (selection.user.has('public_metrics')) {
    all['public_metrics'] = publicMetrics(numbers, call.now, selection.words.posts)
  }
  Object.assign(all, wireNumbers(numbers, userMetrics('user', call.now)))
  const shown = ['id', 'name', 'username', ...selection.user]
  return Object.fromEntries(Object.entries(all).filter(([name]) => shown.includes(name)))
}

/** The metrics of an account that a source holds: `user` for fields of the user itself. */
function userMetrics(source: string, now: Date): MetricDefinition[] {
  return livingMetrics({ platform: 'x', subjects: ['account'], sources: [source] }, now)
}

// Counts that may be missing come as null.
function publicMetrics(numbers: Record<string, number>, now: Date, posts: string): JsonObject {
  const metrics = userMetrics('user.public_metrics', now)
  const optional = metrics.filter((metric) => metric.optional)
  const { tweet_count, ...counts } = wireNumbers(numbers, metrics)
  return {
    ...Object.fromEntries(optional.map(({ wire }) => [wire, null])),
    ...(tweet_count === undefined ? {} : { [posts]: tweet_count }),
    ...counts,
  }
}

function named({ simulation }: Admitted, username: string): SimulatedAccount | null {
  const wanted = username.toLowerCase()
  const { accounts } = simulation.world
  const found = accounts.find(
    ({ handle, platform }) => platform === 'x' && handle.toLowerCase() === wanted,
  )
  return found ?? null
}

function oneUser(
  admitted: Admitted,
  parameter: string,
  id: string,
  account: SimulatedAccount | null,
) {
  const error = userError(admitted, { resource: 'user', parameter, id }, account)
  if (error !== null || account === null) return partialAnswer({ errors: error ? [error] : [] })
  return partialAnswer({ data: userObject(admitted, account) })
}

function manyUsers(
  admitted: Admitted,
  parameter: string,
  asked: readonly (readonly [string, SimulatedAccount | null])[],
) {
  const data: JsonObject[] = []
  const errors: JsonObject[] = []
  for (const [id, account] of asked) {
    const error = userError(admitted, { resource: 'user', parameter, id }, account)
    if (error !== null) errors.push(error)
    else if (account !== null) data.push(userObject(admitted, account))
  }
  return partialAnswer({ data, errors })
}

// The platform leaves a user out altogether when one selected field is withheld.
function userError(
  { call, selection, simulation }: Admitted,
  asked: ItemAsked,
  account: SimulatedAccount | null,
): JsonObject | null {
  const isGone = simulation.faults.take(['gone'], faultTarget(call, [asked.id])) !== null
  if (account === null || isGone) return notFound(simulation, asked)
  if (account.isSuspended) return suspended(simulation, asked)
  const withheld = userMetrics('user', call.now).find(
    ({ name, wire }) => selection.user.has(wire) && account.withheld.includes(name),
  )
  return withheld === undefined ? null : fieldNotAuthorized(simulation, asked, withheld.wire)
}
