import { posix } from 'node:path'
import type { Source, Violation } from './source.ts'

// Who may import whom. A folder that is not listed here does not belong in src/.
const LAYERS: Record<string, readonly string[]> = {
  domain: [],
  connectors: ['domain'],
  store: ['domain'],
  refresh: ['domain', 'store'],
  loaders: ['domain', 'store'],
  auth: ['domain', 'store'],
  graphql: ['domain', 'loaders', 'refresh', 'auth'],
  rest: ['domain', 'loaders', 'refresh', 'auth', 'http'],
  http: ['domain'],
  simulator: ['domain'],
}

// The files that put the layers together.
const START_UP = /^src\/(main|app|config|log|tracing)\.ts$|^src\/cli\//

// A package is used in the folders that own it, so that it can be replaced there.
const OWNERS: readonly [RegExp, readonly string[]][] = [
  [/^undici$/, ['connectors']],
  [/^(kysely|pg|pg-boss|@electric-sql\/pglite)(\/|$)/, ['store']],
  [/^dataloader$/, ['loaders']],
  [/^jose$/, ['auth']],
  [/^graphql-jit$/, ['graphql']],
  [/^prom-client$/, ['http']],
  [/^lru-cache$/, ['http', 'graphql', 'auth', 'store']],
  [/^csv-stringify(\/|$)/, ['rest']],
  [/^@opentelemetry\//, ['tracing.ts']],
  [/^(@pothos\/.*|graphql|graphql-yoga|graphql-scalars|@graphql-yoga\/.*)(\/|$)/, ['graphql']],
  [/^(hono|@hono\/.*)(\/|$)/, ['rest', 'http']],
]

function layerOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** Imports that go against the table of layers, and files in folders that it does not name. */
export function layerViolations(source: Source): Violation[] {
  if (!source.path.startsWith('src/') || START_UP.test(source.path)) return []
  const layer = layerOf(source.path)
  const allowed = LAYERS[layer]
  if (allowed === undefined) return [`${source.path}: is in no layer`]
  return source.imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(source.path), specifier))
    .filter((target) => layerOf(target) !== layer && !allowed.includes(layerOf(target)))
    .map((target) => `${source.path}: ${layer} may not import ${target}`)
}

/** Facades that import one another: what they share stands beside them. */
export function facadeViolations(source: Source): Violation[] {
  const own = /^src\/rest\/([^/]+)\//.exec(source.path)?.[1]
  if (own === undefined) return []
  return source.imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(source.path), specifier))
    .filter(
      (target) => /^src\/rest\/[^/]+\//.test(target) && !target.startsWith(`src/rest/${own}/`),
    )
    .map((target) => `${source.path}: a facade may not import another (${target})`)
}

/** Packages used outside the folders that own them. */
export function packageViolations(source: Source): Violation[] {
  if (!source.path.startsWith('src/')) return []
  return source.imports.flatMap((specifier) =>
    OWNERS.filter(
      ([name, folders]) => name.test(specifier) && !folders.includes(layerOf(source.path)),
    ).map(([, folders]) => `${source.path}: ${specifier} belongs to ${folders.join(' and ')}`),
  )
}

/** Migrations that import anything but kysely: they are frozen once merged. */
export function migrationViolations(source: Source): Violation[] {
  if (!source.path.startsWith('migrations/')) return []
  return source.imports
    .filter((specifier) => specifier !== 'kysely')
    .map((specifier) => `${source.path}: a migration may not import ${specifier}`)
}
