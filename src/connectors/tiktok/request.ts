import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { Http } from '../http.ts'
import { objectAt, parsed } from '../json.ts'
import { isTiktokTrouble, LABEL, tiktokFailure } from './errors.ts'

/** A request: its path with both slashes, the fields it selects, and a body for a POST. */
export interface TiktokQuery {
  path: `/v2/${string}/`
  fields: readonly string[]
  body?: JsonObject
}

/** TikTok's Display API with the account's own token. */
export interface TiktokApi {
  /** What `read` makes of the answer's `data`. Throws what the call failed with. */
  ask<T>(
    query: TiktokQuery,
    account: ConnectedAccount,
    context: CallContext,
    read: (data: JsonValue) => T,
  ): Promise<T>
}

/** The API at a base URL. Every call is a read, the POST ones too. */
export function createTiktokApi(http: Http, origin: string, random: () => number): TiktokApi {
  return {
    async ask(query, account, context, read) {
      const answer = await http.send(
        {
          label: LABEL,
          method: query.body === undefined ? 'GET' : 'POST',
          // The fields belong into the URL on every method.
          url: `${origin}${query.path}?${new URLSearchParams({ fields: query.fields.join(',') })}`,
          token: account.accessToken,
          ...(query.body === undefined
            ? {}
            : {
                headers: { 'content-type': 'application/json; charset=UTF-8' },
                body: JSON.stringify(query.body),
              }),
          isRead: true,
          isTransient: isTiktokTrouble,
        },
        context,
      )
      const failure = tiktokFailure(answer, context.now, random)
      if (failure !== null) throw new ConnectorError(failure)
      return parsed(LABEL, answer, (body) => read(objectAt(body, 'data')))
    },
  }
}
