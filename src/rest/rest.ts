import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { createDocsPage } from './docs-page.ts'
import {
  createFacade,
  type FacadeDependencies,
  type FacadeEnv,
  surfaceOf,
  type Vendor,
} from './facade.ts'
import { openapiDocument } from './openapi.ts'

/** What the REST APIs need from outside. */
export interface RestOptions extends FacadeDependencies {
  vendors: readonly Vendor[]
  /** Requests a minute of one key, by the variable of the vendor's that is not left as it is. */
  rates: Readonly<Record<string, number>>
}

/** The REST APIs of all vendors in one, with the document of them at `/openapi.json`. */
export interface Rest {
  /** What their paths begin with. */
  prefixes: readonly string[]
  /** What each is called where requests are counted, by prefix. */
  surfaces: Readonly<Record<string, string>>
  /** Answers any request below the prefixes. */
  fetch(request: Request): Promise<Response>
  listener: RequestListener
}

const DOCUMENT = '/openapi.json'
const PAGE = '/docs'

/** Opens every vendor's API. */
export function createRest({ vendors, rates, ...deps }: RestOptions): Rest {
  const facades = vendors.map((vendor) => {
    const perMinute = rates[vendor.rate.variable] ?? vendor.rate.perMinute
    return { vendor, ...createFacade(vendor, perMinute, deps) }
  })
  const inOrder = facades.toSorted(byPrefix)
  const app = new Hono<FacadeEnv>()
  // The first that fits is asked: the longest prefix goes before those that it begins with.
  for (const { vendor, app: facade } of inOrder) {
    app.all(`${vendor.prefix}/*`, (c) => facade.fetch(c.req.raw, c.env))
  }
  let document: object | undefined
  app.get(DOCUMENT, etag(), (c) => {
    document ??= openapiDocument(facades)
    return c.json(document)
  })
  app.route(PAGE, createDocsPage())
  app.get(`${PAGE}/`, (c) => c.redirect(PAGE))
  app.notFound((c) => {
    const message = `There is nothing at ${c.req.path}. The documentation is at ${PAGE}.`
    return c.json({ error: { code: 'NOT_FOUND', message } }, 404)
  })
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  return {
    prefixes: [...vendors.map(({ prefix }) => prefix), DOCUMENT, PAGE],
    surfaces: {
      ...Object.fromEntries(vendors.map((vendor) => [vendor.prefix, surfaceOf(vendor)])),
      ...{ [DOCUMENT]: 'docs', [PAGE]: 'docs' },
    },
    fetch: async (request) => app.fetch(request, {}),
    listener: asUrl(async (request, response) => {
      const own = inOrder.find(({ vendor }) => request.url?.startsWith(`${vendor.prefix}/`))
      if (await own?.giveAgain(request, response)) return
      await listener(request, response)
    }),
  }
}

// The same is served whatever host a client names, and also when that is none that a URL can have:
// such a request would be refused with an empty page, and so would a path with a backslash.
function asUrl(listener: RequestListener): RequestListener {
  return (request, response) => {
    request.headers.host = 'localhost'
    request.url = request.url?.replaceAll('\\', '%5C')
    return listener(request, response)
  }
}

function byPrefix(one: { vendor: Vendor }, other: { vendor: Vendor }): number {
  return other.vendor.prefix.length - one.vendor.prefix.length
}
