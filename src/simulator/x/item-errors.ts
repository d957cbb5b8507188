import type { JsonObject, JsonValue } from '../../domain/json.ts'
import { jsonAnswer } from '../answer.ts'
import type { Simulation } from '../simulation.ts'
import { problemType } from './errors.ts'

/** What kind of thing an item's error is about, and under which parameter it was asked for. */
export interface ItemAsked {
  resource: 'tweet' | 'user' | 'media'
  parameter: string
  id: string
}

/** The item does not exist, or no longer. */
export function notFound(simulation: Simulation, { resource, parameter, id }: ItemAsked) {
  return {
    value: id,
    detail: `Could not find ${resource} with ${parameter}: [${id}].`,
    title: 'Not Found Error',
    resource_type: resource,
    parameter,
    resource_id: id,
    type: problemType(simulation, 'resource-not-found'),
  }
}

/** The account is closed. */
export function suspended(simulation: Simulation, { parameter, id }: ItemAsked) {
  return {
    value: id,
    detail: `User has been suspended: [${id}].`,
    title: 'Forbidden',
    resource_type: 'user',
    parameter,
    resource_id: id,
    type: problemType(simulation, 'resource-not-found'),
  }
}

/** The item exists, but not for this caller. */
export function notAuthorized(simulation: Simulation, { parameter, id }: ItemAsked) {
  return {
    value: id,
    detail: `Sorry, you are not authorized to see the Tweet with ${parameter}: [${id}].`,
    title: 'Authorization Error',
    section: 'data',
    resource_type: 'tweet',
    parameter,
    resource_id: id,
    type: problemType(simulation, 'not-authorized-for-resource'),
  }
}

/** The item has a hole for the moment. */
export function temporarilyUnavailable(simulation: Simulation, asked: ItemAsked) {
  return {
    value: asked.id,
    detail: `The ${asked.resource} [${asked.id}] is temporarily unavailable.`,
    title: 'Resource Unavailable Error',
    resource_type: asked.resource,
    parameter: asked.parameter,
    resource_id: asked.id,
    type: problemType(simulation, 'resource-unavailable'),
  }
}

/** One field of the item is not for this caller. */
export function fieldNotAuthorized(
  simulation: Simulation,
  { resource, parameter, id }: ItemAsked,
  field: string,
  section: 'data' | 'includes' = 'data',
) {
  const noun = { tweet: 'Tweet', user: 'User', media: 'Media' }[resource]
  return {
    resource_id: id,
    parameter,
    resource_type: resource,
    section,
    title: 'Field Authorization Error',
    value: id,
    detail: `Sorry, you are not authorized to access '${field}' on the ${noun} with id : [${id}].`,
    type: problemType(simulation, 'not-authorized-for-field'),
    field,
  }
}

/** 200 with what there is: keys without content stay away, `data` among them. */
export function partialAnswer(parts: {
  data?: JsonValue
  includes?: JsonObject
  errors?: JsonObject[]
  meta?: JsonObject
}) {
  const { data, errors = [], includes = {}, meta } = parts
  const isEmpty = data === undefined || (Array.isArray(data) && data.length === 0)
  return jsonAnswer(200, {
    ...(isEmpty ? {} : { data }),
    ...(Object.keys(includes).length === 0 ? {} : { includes }),
    ...(errors.length === 0 ? {} : { errors }),
    ...(meta === undefined ? {} : { meta }),
  })
}
