import { RequestCache } from '@pothos/plugin-scope-auth'
import { type ExecutionResult, GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import { type GraphQLParams, isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga'
import type { Principal } from '../auth/principal.ts'
import type { NewId } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Context } from './context.ts'
import { showError } from './errors.ts'
import { type Excess, excessOf, isJson, isOneOperation, type JsonLimits } from './one-operation.ts'
import type { ServerContext } from './runs.ts'

const REQUEST_ID = /^[\w.-]{1,64}$/

/** Who shows an `Authorization` header with this value; null: nobody that is known here. */
export type Authenticate = (authorization: string | null) => Promise<Principal | null>

/**
 * Lets a request in only with a key: 401 otherwise. What is in is known by `principals`. GraphiQL's
 * page is answered before this asks.
 */
export function useKeys(
  authenticate: Authenticate,
  principals: WeakMap<Request, Principal>,
): Plugin<ServerContext> {
  return {
    async onRequestParse({ request, serverContext }) {
      const { run } = serverContext as ServerContext
      const principal = run?.principal ?? (await authenticate(request.headers.get('authorization')))
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

/** The most that a request may send beside its head. */
export interface BodyLimits extends JsonLimits {
  bodyMaxBytes: number
}

/**
 * Takes JSON bodies only: 415 otherwise. A form of another site could send the rest without asking.
 * A body is one operation, whose variables nest no deeper and hold no more than is allowed;
 * parameters in an address that are no JSON are 400. Those of a run are known.
 */
export function useJsonOnly(limits: BodyLimits): Plugin<ServerContext> {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext }) {
      const known = (serverContext as ServerContext).run?.parameters
      if (known) return setRequestParser(() => known)
      if (request.method === 'POST' && !isTaken(request, requestParser)) {
        throw badBody('A POST takes a body of type application/json.', 415)
      }
      if (Number(request.headers.get('content-length')) > limits.bodyMaxBytes) {
        throw tooLarge(limits)
      }
      if (requestParser === undefined) return
      setRequestParser(async (given) => {
        if (given.method === 'POST') return await bodyOf(given, limits)
        const parameters = await read(requestParser, given)
        if (!isOneOperation(parameters, limits.jsonDepthMax)) throw tooMuch('levels', limits)
        return parameters
      })
    },
  }
}

type Parser = (request: Request) => unknown

function isTaken(request: Request, parser: Parser | undefined): boolean {
  return parser !== undefined && isJson(request.headers.get('content-type'))
}

async function read<Parameters>(
  parser: (request: Request) => Parameters,
  request: Request,
): Promise<Awaited<Parameters>> {
  try {
    return await parser(request)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new AppError('BAD_REQUEST', 'The variables or extensions are no JSON.')
  }
}

// What is no operation is seen before it is parsed.
async function bodyOf(request: Request, limits: BodyLimits): Promise<GraphQLParams> {
  const json = await textOf(request, limits)
  if (/^\s*\[/.test(json)) {
    const message = 'A request takes one operation, not a list of them. Send one request for each.'
    throw new AppError('BAD_REQUEST', message)
  }
  const excess = excessOf(json, limits)
  if (excess !== null) throw tooMuch(excess, limits)
  const body = parsed(json)
  if (typeof body === 'object' && body !== null) return body
  throw new AppError('BAD_REQUEST', 'The body is no JSON object with a `query`.')
}

async function textOf(request: Request, limits: BodyLimits): Promise<string> {
  try {
    return await request.text()
  } catch (error) {
    // It told no length.
    if (error instanceof GraphQLError) throw tooLarge(limits)
    // The client went away, or was cut off: nothing of ours has failed.
    throw new AppError('BAD_REQUEST', 'The body does not end.')
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new AppError('BAD_REQUEST', 'The body is invalid JSON.')
  }
}

function badBody(message: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } })
}

function tooLarge({ bodyMaxBytes }: BodyLimits): GraphQLError {
  const message = `The body is larger than ${bodyMaxBytes} bytes, the most.`
  return badBody(`${message} Ask for less at once, or in several requests.`, 413)
}

function tooMuch(excess: Excess, { jsonDepthMax, jsonValuesMax }: JsonLimits): AppError {
  const message = {
    levels: `The variables or extensions nest more than ${jsonDepthMax} levels, the most. Send them flatter.`,
    values: `The body holds more than ${jsonValuesMax} values, the most. Send its variables in several requests.`,
  }
  return new AppError('BAD_REQUEST', message[excess])
}

/**
 * Forgets what was found out about scopes when an operation is done. It is kept in a weak map by the
 * operation's context, and refers to it: V8 lets go of such a pair, and of every row that the context
 * has read, only when it collects old objects.
 */
export function useForgottenScopes(): Plugin<Context> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: () => RequestCache.clearForContext(args.contextValue),
    }),
  }
}

/** Keeps the schema to itself. */
export function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule)
    },
  }
}

interface Suggesting {
  /** Whether a misspelled name is answered with names of the schema. */
  suggests: boolean
}

/** Shows callers what they can act on. What nobody expected is logged under the request's id. */
export function useShownErrors(log: Log, newId: NewId, { suggests }: Suggesting): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (Array.isArray(result)) return
      const shown = <Result extends ExecutionResult>(answer: Result): Result => {
        if (!answer.errors) return answer
        const requestId = requestIdOf(request) ?? newId()
        const errors = answer.errors.map((given) => {
          const { error, cause } = showError(given, { requestId, suggests })
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
