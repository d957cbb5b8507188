import type { Platform } from '../domain/platform.ts'
import type { Mount, Route } from './simulation.ts'

/** Where a request leads: a base URL of a platform, and the path's route if there is one. */
export interface Destination {
  mount: Mount
  /** Below the base URL. */
  path: string
  route: Route | null
  params: Record<string, string>
}

/**
 * Finds the destination of a method and path; null for a path below no base URL. `owner` is the
 * platform whose token the request carries.
 */
export type Router = (
  method: string,
  pathname: string,
  owner?: Platform | null,
) => Destination | null

/**
 * A router over base URLs. Of several below one prefix the token's platform comes first, and then
 * the first that knows the path counts.
 */
export function createRouter(mounts: readonly Mount[]): Router {
  const compiled = mounts.map((mount) => ({
    mount,
    routes: mount.routes.map((route) => ({
      route,
      pattern: new URLPattern({ pathname: route.path }),
    })),
  }))
  return (method, pathname, owner = null) => {
    const below = compiled
      .filter(({ mount }) => pathname.startsWith(`${mount.prefix}/`))
      .toSorted((one, other) => rankOf(one.mount, owner) - rankOf(other.mount, owner))
    for (const { mount, routes } of below) {
      const path = pathname.slice(mount.prefix.length)
      for (const { route, pattern } of routes) {
        const match = route.method === method ? pattern.exec({ pathname: path }) : null
        if (match !== null) return { mount, path, route, params: decoded(match.pathname.groups) }
      }
    }
    const mount = below[0]?.mount
    if (mount === undefined) return null
    return { mount, path: pathname.slice(mount.prefix.length), route: null, params: {} }
  }
}

function rankOf({ platform }: Mount, owner: Platform | null): number {
  return platform === owner ? 0 : 1
}

function decoded(groups: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text ?? '')]),
  )
}
