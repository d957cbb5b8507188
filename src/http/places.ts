import type { RequestListener } from 'node:http'

/** Who answers at a path, and what that is called where requests are counted. */
export interface Place {
  /** Undefined: there is nothing. */
  listener: RequestListener | undefined
  surface: string
}

/** What is served where. */
export interface Routes {
  /** By exact path. */
  routes: Readonly<Record<string, RequestListener>>
  /** Whatever is below a path, and the path itself. */
  mounts?: Readonly<Record<string, RequestListener>>
  /** Names, by route or mount. */
  surfaces?: Readonly<Record<string, string>>
}

const NOWHERE: Place = { listener: undefined, surface: 'other' }

/** Finds the place of a path: an exact one, or else the longest mount that fits. */
export function createPlaces({
  routes,
  mounts = {},
  surfaces = {},
}: Routes): (path: string) => Place {
  const placesOf = (listeners: Readonly<Record<string, RequestListener>>) =>
    Object.entries(listeners).map(([path, listener]): [string, Place] => [
      path,
      { listener, surface: surfaces[path] ?? NOWHERE.surface },
    ])
  const exact = new Map([...placesOf(mounts), ...placesOf(routes)])
  const below = placesOf(mounts)
    .map(([path, place]) => ({ prefix: `${path}/`, place }))
    .sort((one, other) => other.prefix.length - one.prefix.length)
  return (path) =>
    exact.get(path) ?? below.find(({ prefix }) => path.startsWith(prefix))?.place ?? NOWHERE
}
