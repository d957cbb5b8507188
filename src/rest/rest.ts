import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createFacade, type FacadeDependencies, type Vendor } from './facade.ts'

/** What the REST APIs need from outside. */
export interface RestOptions extends FacadeDependencies {
  vendors: readonly Vendor[]
  /** Requests a minute of one key, by the variable of the vendor's that is not left as it is. */
  rates: Readonly<Record<string, number>>
}

/** The REST APIs of all vendors in one. */
export interface Rest {
  /** What their paths begin with. */
  prefixes: readonly string[]
  /** Answers any request below the prefixes. */
  fetch(request: Request): Promise<Response>
  listener: RequestListener
}

/** Opens every vendor's API. */
export function createRest({ vendors, rates, ...deps }: RestOptions): Rest {
  const app = new Hono()
  // The first that fits is asked: the longest prefix goes before those that it begins with.
  const ordered = vendors.toSorted((one, other) => other.prefix.length - one.prefix.length)
  for (const vendor of ordered) {
    const perMinute = rates[vendor.rate.variable] ?? vendor.rate.perMinute
    const facade = createFacade(vendor, perMinute, deps)
    app.all(`${vendor.prefix}/*`, (c) => facade.fetch(c.req.raw))
  }
  return {
    prefixes: vendors.map(({ prefix }) => prefix),
    fetch: async (request) => app.fetch(request),
    listener: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  }
}
