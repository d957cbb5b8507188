import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { FacadeEnv, Vendor } from './facade.ts'
import { type BadParameter, REFUSAL_EXAMPLES, type Refusal } from './refusal.ts'

// What a request is called in examples.
const REQUEST_ID = '0197b8f0-0000-7000-8000-000000000001'
const BAD_PARAMETER: BadParameter = {
  kind: 'bad_parameter',
  ...{ place: 'query', name: 'limit', issue: 'too_big' },
  message: 'must be a whole number from 1 to 100',
}

const DESCRIPTIONS: Partial<Record<Refusal['kind'], string>> = {
  no_key: 'No key, or one that is not accepted.',
  missing_scope: 'The key lacks a scope.',
  too_many_requests: 'Too many requests of this key.',
  bad_parameter: 'A parameter is not what it should be.',
  internal: 'Something broke.',
}

/** A route as the vendor's document shows it: with what every endpoint answers at times. */
export function describedRoute<Route extends RouteConfig>(vendor: Vendor, route: Route): Route {
  const responses = { ...refusalsOf(vendor, route), ...route.responses }
  const security = Object.keys(vendor.credentials).map((name) => ({ [name]: [] }))
  return { tags: [vendor.name], security, ...route, responses }
}

type Responses = RouteConfig['responses']

// Refusals that share a status are examples of one answer.
function refusalsOf(vendor: Vendor, { request }: RouteConfig): Responses {
  const refusals: Refusal[] = Object.values(REFUSAL_EXAMPLES)
  if (request) refusals.push(BAD_PARAMETER)
  const answers = refusals.map((refusal) => ({
    refusal,
    ...vendor.answerTo(refusal, vendor.requestIdOf?.(REQUEST_ID) ?? REQUEST_ID),
  }))
  const byStatus = Map.groupBy(answers, ({ status }) => status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const described = group.flatMap(({ refusal }) => DESCRIPTIONS[refusal.kind] ?? [])
      const examples = group.map(({ refusal, body }) => [refusal.kind, { value: body }])
      const content = { schema: vendor.errorSchema, examples: Object.fromEntries(examples) }
      const description = described.join(' ')
      return [status, { description, content: { 'application/json': content } }]
    }),
  )
}

/** The document of these APIs together, in OpenAPI 3.1, from the schemas that their routes use. */
export function openapiDocument(
  facades: readonly { vendor: Vendor; app: OpenAPIHono<FacadeEnv> }[],
): object {
  const all = new OpenAPIHono<FacadeEnv>()
  for (const { app } of facades) all.route('/', app)
  return all.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Weir: REST',
      version: '1',
      description:
        'Analytics endpoints of vendors, at their own paths, and exports. `docs/compatibility.md` ' +
        'tells what is theirs and what was decided here, `docs/insight.md` of exports.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
    tags: facades.map(({ vendor }) => ({ name: vendor.name, description: vendor.description })),
  })
}
