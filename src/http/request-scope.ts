import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestFields, RequestScope } from '../domain/observers.ts'

// What proxies make: no spaces, nothing that a log or a header could be broken with.
const GIVEN_ID = /^[\w.=-]{1,128}$/

/** Knows which request a line of the log belongs to, from the server down to the database. */
export interface RequestScopes extends RequestScope {
  /** What is known of a request that has come: its own id, where it brought one that can be kept. */
  begin(givenId: string | string[] | undefined): RequestFields
  /** Does the work of a request. */
  run<Result>(fields: RequestFields, work: () => Result): Result
}

/** Scopes whose ids begin with what names this process: an id of its own for each costs too much. */
export function createRequestScopes(processId: string): RequestScopes {
  const storage = new AsyncLocalStorage<RequestFields>()
  let count = 0
  const newId = () => {
    count += 1
    return `${processId}-${count.toString(36)}`
  }
  return {
    current: () => storage.getStore(),
    begin: (givenId) => ({
      requestId: typeof givenId === 'string' && GIVEN_ID.test(givenId) ? givenId : newId(),
      workspaceId: null,
      keyId: null,
    }),
    run: (fields, work) => storage.run(fields, work),
  }
}
