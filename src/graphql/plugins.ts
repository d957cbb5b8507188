import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga'
import type { Principal } from '../auth/principal.ts'
import type { NewId } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { showError } from './errors.ts'

const JSON_BODY = /^application\/(graphql\+)?json\s*(;|$)/i
const REQUEST_ID = /^[\w.-]{1,64}$/

/** Who may be behind a request; null: nobody that is known here. */
export type Authenticate = (request: Request) => Promise<Principal | null>

/**
 * Lets a request in only with a key: 401 otherwise. What is in is known by `principals`. GraphiQL's
 * page is answered before this asks.
 */
export function useKeys(
  authenticate: Authenticate,
  principals: WeakMap<Request, Principal>,
): Plugin {
  return {
    async onRequestParse({ request }) {
      const principal = await authenticate(request)
      if (principal === null) {
        const message =
          'This takes an API key or a token of a dashboard: `Authorization: Bearer …`. ' +
          'None, or no valid one, came.'
        throw new AppError('UNAUTHENTICATED', message)
      }
      principals.set(request, principal)
    },
  }
}

/**
 * Takes JSON bodies only: 415 otherwise. A form of another site could send the rest without asking.
 * Parameters in an address that are no JSON are 400.
 */
export function useJsonOnly(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method === 'POST' && !JSON_BODY.test(request.headers.get('content-type') ?? '')) {
        throw new GraphQLError('A POST takes a body of type application/json.', {
          extensions: { code: 'BAD_REQUEST', http: { status: 415 } },
        })
      }
      if (requestParser === undefined) return
      setRequestParser(async (given) => {
        try {
          return await requestParser(given)
        } catch (error) {
          if (error instanceof SyntaxError) {
            throw new AppError('BAD_REQUEST', 'The variables or extensions are no JSON.')
          }
          throw error
        }
      })
    },
  }
}

/** Shows callers what they can act on. What nobody expected is logged under the request's id. */
export function useShownErrors(log: Log, newId: NewId): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (Array.isArray(result)) return
      const shown = <Result extends ExecutionResult>(answer: Result): Result => {
        if (!answer.errors) return answer
        const requestId = requestIdOf(request) ?? newId()
        const errors = answer.errors.map((given) => {
          const { error, cause } = showError(given, requestId)
          if (cause !== null) log.error(describe(cause, requestId, given), 'A request failed.')
          return error
        })
        return { ...answer, errors }
      }
      setResult(isAsyncIterable(result) ? mapAsyncIterator(result, shown) : shown(result))
    },
  }
}

function requestIdOf(request: Request): string | null {
  const id = request.headers.get('x-request-id')
  return id !== null && REQUEST_ID.test(id) ? id : null
}

// Drivers hang statements and their values on errors, so only what is known to be harmless is told.
function describe(cause: unknown, requestId: string, { path }: GraphQLError): object {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return {
    requestId,
    path,
    error: { name: error.name, message: error.message, stack: error.stack },
  }
}
