import type { Gateway } from '../support/gateway.ts'

/** A parameter of a route, as the OpenAPI document has it. */
export interface RouteParameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: { type?: string; enum?: string[]; format?: string; default?: unknown }
  example?: unknown
}

/** A route of the REST APIs. */
export interface Route {
  /** Method and path, such as `get /v1/analytics/accounts`. */
  name: string
  method: string
  path: string
  parameters: RouteParameter[]
  hasBody: boolean
  /** The headers that a credential may come in, each with what stands before it. */
  credentials: { header: string; before: string }[]
}

interface Described {
  parameters?: RouteParameter[]
  requestBody?: object
  security?: Record<string, unknown>[]
}

interface Document {
  paths: Record<string, Record<string, Described>>
  components: { securitySchemes: Record<string, { type: string; name?: string }> }
}

/** Every route that the OpenAPI document names. */
export async function routesOf({ app }: { app: Pick<Gateway['app'], 'rest'> }): Promise<Route[]> {
  const answer = await app.rest.fetch(new Request('http://gateway.test/openapi.json'))
  const { paths, components } = (await answer.json()) as Document
  const credentialOf = (scheme: string) => {
    const { name } = components.securitySchemes[scheme] ?? {}
    return name ? { header: name, before: '' } : { header: 'authorization', before: 'Bearer ' }
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, security = [] }]) => ({
      ...{ name: `${method} ${path}`, method: method.toUpperCase(), path, parameters },
      hasBody: requestBody !== undefined,
      credentials: security.flatMap((each) => Object.keys(each).map(credentialOf)),
    })),
  )
}

/** Where a route is asked, with what is given by name; what it needs beside that is made up. */
export function urlOf(
  { path, parameters }: Route,
  given: Readonly<Record<string, string>> = {},
): string {
  const textOf = ({ name, required, schema }: RouteParameter) =>
    given[name] ?? (required ? (schema.enum?.[0] ?? 'never-was') : null)
  const url = new URL(
    path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(given[name] ?? 'never-was')),
    'http://gateway.test',
  )
  for (const parameter of parameters.filter((each) => each.in === 'query')) {
    const value = textOf(parameter)
    if (value !== null) url.searchParams.set(parameter.name, value)
  }
  return url.href
}
