import { getOperationAST } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Principal } from '../auth/principal.ts'
import type { Observers } from '../domain/observers.ts'

const SURFACE = 'graphql'
const NAME_LENGTH_MAX = 64

/**
 * Has those hear of operations who count, trace and log. It stands after the plugins that find out
 * whose a request is, what runs it and what its errors are called.
 */
export function useObservers(
  { telemetry, trace, requests }: Observers,
  principals: WeakMap<Request, Principal>,
): Plugin {
  const spans: Plugin = {
    onExecute({ args, executeFn, setExecuteFn }) {
      const operation = getOperationAST(args.document, args.operationName)
      const type = operation?.operation ?? 'operation'
      const name = operation?.name?.value.slice(0, NAME_LENGTH_MAX)
      const attributes = { 'graphql.operation.type': type }
      setExecuteFn((given) =>
        trace.span(
          `graphql ${type}`,
          name === undefined ? attributes : { ...attributes, 'graphql.operation.name': name },
          async (span) => {
            const result = await executeFn(given)
            if (!isAsyncIterable(result) && result?.errors?.length) span.fail('It has errors.')
            return result
          },
        ),
      )
    },
  }
  return {
    onRequestParse({ request }) {
      const [fields, principal] = [requests.current(), principals.get(request)]
      if (fields === undefined || principal === undefined) return
      fields.workspaceId = principal.workspaceId
      fields.keyId = principal.keyId
    },
    onResultProcess({ result }) {
      if (isAsyncIterable(result)) return
      const errors = [result].flat().flatMap((one) => one.errors ?? [])
      for (const { extensions } of errors) telemetry.refused(SURFACE, String(extensions['code']))
    },
    ...(trace.isOn ? spans : {}),
  }
}
