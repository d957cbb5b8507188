import { createHash } from 'node:crypto'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import { AppError } from '../domain/errors.ts'

// What an entry takes beside the query: its hash, and its place in the table.
const ENTRY_BYTES = 256

/**
 * Automatic persisted queries, as Apollo's clients ask for them: a query that has been run once with
 * its SHA-256 is known by that alone from then on. Those that nobody has used for longest are
 * forgotten for want of room; each process has its own, and clients send a query again that is not
 * known.
 */
export function useAutomaticPersistedQueries(bytesMax: number): Plugin {
  const queries = new LRUCache<string, string>({
    maxSize: bytesMax,
    sizeCalculation: (query) => ENTRY_BYTES + query.length * 2,
  })
  // What has come so far is known to be good: it is read, valid and within the limits.
  const remember = ({ args }: { args: { contextValue?: { params?: GraphQLParams } } }) => {
    const { params } = args.contextValue ?? {}
    const hash = params && hashIn(params)
    if (params?.query && hash) queries.set(hash, params.query)
  }
  return {
    onParams({ params, setParams }) {
      const hash = hashIn(params)
      if (hash === null) return
      if (params.query === undefined || params.query === null) {
        setParams({ ...params, query: known(queries, hash) })
      } else if (hash !== sha256(params.query)) {
        throw new AppError('BAD_REQUEST', '`sha256Hash` is not the SHA-256 of the query, in hex.')
      }
    },
    onExecute: remember,
    onSubscribe: remember,
  }
}

function known(queries: LRUCache<string, string>, hash: string): string {
  const query = queries.get(hash)
  if (query !== undefined) return query
  // Clients know the refusal by this message.
  throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
}

function sha256(text: unknown): string {
  return createHash('sha256').update(String(text)).digest('hex')
}

/** The hash that a request names its query by; null: it does not. */
function hashIn({ extensions }: GraphQLParams): string | null {
  const asked: unknown = extensions?.['persistedQuery']
  if (typeof asked !== 'object' || asked === null) return null
  const { version, sha256Hash } = asked as { version?: unknown; sha256Hash?: unknown }
  if (version === 1 && typeof sha256Hash === 'string') return sha256Hash
  const message = '`persistedQuery` takes the `version` 1, and `sha256Hash`.'
  throw new AppError('BAD_REQUEST', message)
}
