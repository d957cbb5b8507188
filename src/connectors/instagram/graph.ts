import type { CallContext, ConnectedAccount } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { Http } from '../http.ts'
import { idAt, objectAt, parsed } from '../json.ts'
import { graphFailure, isGraphTrouble, LABEL } from './errors.ts'

/** The version of the Graph API that every call names. It ends on 2028-07-29 at the earliest. */
export const GRAPH_VERSION = 'v25.0'

/** A read: an object or one of its edges, such as `17841400000000123/media`. */
export interface GraphQuery {
  path: string
  params: Record<string, string>
}

/** One host of the Graph API. Accounts of the other login answer the same paths on another host. */
export interface Graph {
  /** What `read` makes of the answer. Throws what the call failed with. */
  ask<T>(
    query: GraphQuery,
    account: ConnectedAccount,
    context: CallContext,
    read: (body: JsonValue) => T,
  ): Promise<T>
}

/** The Graph API at a base URL, always in the same version. */
export function createGraph(http: Http, origin: string): Graph {
  return {
    async ask(query, account, context, read) {
      const answer = await http.send(
        {
          label: LABEL,
          method: 'GET',
          url: `${origin}/${GRAPH_VERSION}/${query.path}?${new URLSearchParams(query.params)}`,
          token: account.accessToken,
          isRead: true,
          isTransient: isGraphTrouble,
        },
        context,
      )
      const failure = graphFailure(answer, context.now)
      if (failure !== null) throw failure
      return parsed(LABEL, answer, read)
    },
  }
}

/** A node of the graph. Throws `malformed` for one without its id, which says of nobody what it says. */
export function nodeIn(body: JsonValue): JsonObject {
  const node = objectAt(body, '')
  idAt(node, 'id', '')
  return node
}
