import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { Http } from '../http.ts'
import { idAt, objectAt, parsed } from '../json.ts'
import { reportGraphBudget } from './budget.ts'
import { type Dialect, type GraphCaller, graphFailure, isGraphTrouble } from './errors.ts'

/** The version of the Graph API that every call names. It ends on 2028-07-29 at the earliest. */
export const GRAPH_VERSION = 'v25.0'

/** A read: an object or one of its edges, such as `17841400000000123/media`. */
export interface GraphQuery {
  path: string
  params: Record<string, string>
}

/** One host of the Graph API. */
export interface GraphHost {
  http: Http
  /** Its base URL. */
  origin: string
  dialect: Dialect
}

/** The Graph API as one account asks it, always in the same version. */
export interface Graph {
  /** How many reads are worth asking for at a time. */
  readonly parallelReads: number
  /** What `read` makes of the answer. Throws what the call failed with. */
  ask<T>(query: GraphQuery, read: (body: JsonValue) => T): Promise<T>
}

const PARALLEL_CALLS = 6

/** The Graph API with a call for every read. */
export function openGraph(host: GraphHost, { account, context }: GraphCaller): Graph {
  const { http, origin, dialect } = host
  return {
    parallelReads: PARALLEL_CALLS,
    async ask(query, read) {
      const answer = await http.send(
        {
          label: dialect.label,
          method: 'GET',
          url: `${origin}/${GRAPH_VERSION}/${relativeUrl(query)}`,
          token: account.accessToken,
          isRead: true,
          isTransient: (each) => isGraphTrouble(dialect, each),
          account: account.account.platformAccountId,
        },
        context,
      )
      const failure = graphFailure(dialect, answer, { account, context })
      reportGraphBudget(answer, failure, { account, context })
      if (failure !== null) throw failure
      return parsed(dialect.label, answer, read)
    },
  }
}

/** A read as it stands behind the version. */
export function relativeUrl({ path, params }: GraphQuery): string {
  const query = new URLSearchParams(params).toString()
  return query === '' ? path : `${path}?${query}`
}

/** A node of the graph. Throws `malformed` for one without its id, which says of nobody what it says. */
export function nodeIn(body: JsonValue): JsonObject {
  const node = objectAt(body, '')
  idAt(node, 'id', '')
  return node
}
