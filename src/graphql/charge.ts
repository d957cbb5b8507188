import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  visit,
} from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { limitKey } from '../auth/principal.ts'
import { type Cost, costOf } from '../domain/cost.ts'
import { AppError } from '../domain/errors.ts'
import type { RateLimit, RateState } from '../domain/rate-limit.ts'
import type { CostTelemetry } from '../domain/telemetry.ts'
import type { Context } from './context.ts'
import { toGraphqlError } from './errors.ts'

// As many as the executor tells.
const VARIABLE_ERRORS_MAX = 50

/** What operations may cost. */
export interface ChargeOptions {
  /** What the operations of a key may cost in a minute. */
  budget: RateLimit
  limits: {
    /** What one operation may cost. */
    costMax: number
  }
  telemetry: CostTelemetry
}

/**
 * Takes what an operation costs from its key's budget before it is run, and tells of it at the end
 * of the answer, in `extensions.cost`. What the budget does not have is refused. An introspection
 * costs nothing; who subscribes pays once.
 */
export function useCharge(options: ChargeOptions): Plugin<Context> {
  const charge = createCharge(options)
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const charged = charge(args as Args)
      if ('refused' in charged) return setResultAndStopExecution(charged.refused)
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result)) setResult(withCost(result, charged.cost))
        },
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const charged = charge(args as Args)
      if ('refused' in charged) return setResultAndStopExecution(charged.refused)
      const { requested } = charged.cost
      const { principal, clock } = (args as Args).contextValue
      return {
        onSubscribeResult: () => ({
          onNext({ result, setResult }) {
            const state = options.budget.take(limitKey(principal), 0, clock())
            setResult(withCost(result, costOf(requested, state)))
          },
        }),
      }
    },
  }
}

type Args = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> & {
  contextValue: Context
}
type Charged = { cost: Cost } | { refused: ExecutionResult }

function createCharge({ budget, limits, telemetry }: ChargeOptions): (args: Args) => Charged {
  const countOf = createCount()
  // What is more than a whole minute has would be refused for ever.
  const most = Math.min(limits.costMax, budget.perMinute)
  return (args) => {
    const requested = countOf(args)
    if (typeof requested !== 'number') return { refused: { errors: requested } }
    const { principal, clock } = args.contextValue
    const isTooMuch = requested > most
    const state = budget.take(limitKey(principal), isTooMuch ? 0 : requested, clock())
    const cost = costOf(requested, state)
    if (isTooMuch || !state.isAllowed) {
      telemetry.refused(isTooMuch ? 'operation' : 'budget')
      const error = isTooMuch ? tooComplex(requested, most) : rateLimited(requested, state)
      return { refused: withCost({ errors: [error] }, cost) }
    }
    telemetry.charged(requested)
    return { cost }
  }
}

// The end of an answer is where those who keep answers put what is left by then.
function withCost(result: ExecutionResult, cost: Cost): ExecutionResult {
  const { extensions: _, ...answer } = result
  return { ...answer, extensions: { cost } }
}

function tooComplex(requested: number, max: number): GraphQLError {
  const message =
    `The operation could answer with ${requested} objects, and ${max} is the most. ` +
    'Ask for less, or in smaller pages.'
  return toGraphqlError(new AppError('QUERY_TOO_COMPLEX', message))
}

function rateLimited(requested: number, state: RateState): GraphQLError {
  const { remaining, limit, retryAfterSeconds } = state
  const message =
    `The operation costs ${requested}, and the key has ${remaining} left of ${limit} a minute. ` +
    `Try again in ${retryAfterSeconds} s, or ask for less.`
  const http = { status: 429, headers: { 'Retry-After': String(retryAfterSeconds) } }
  return new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', http } })
}

/** Counts what an operation could answer with; or says what is wrong with its variables. */
function createCount(): (args: Args) => number | readonly GraphQLError[] {
  const counted = new WeakMap<DocumentNode, Map<string, DocumentNode>>()
  const countedOf = ({ document, operationName }: Args): DocumentNode => {
    const byName = counted.get(document) ?? new Map<string, DocumentNode>()
    counted.set(document, byName)
    const name = operationName ?? ''
    const known = byName.get(name) ?? withoutIntrospection(document, name)
    byName.set(name, known)
    return known
  }
  return (args) => {
    const { schema, contextValue: ctx } = args
    const variables = args.variableValues ?? {}
    try {
      return complexityFromQuery(countedOf(args), { schema, ctx, variables }).complexity
    } catch (error) {
      const definitions = getOperationAST(args.document, args.operationName)?.variableDefinitions
      const options = { maxErrors: VARIABLE_ERRORS_MAX }
      const { errors } = getVariableValues(schema, definitions ?? [], variables, options)
      return errors ?? [error instanceof GraphQLError ? error : wrapped(error)]
    }
  }
}

function wrapped(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}

// What every object has, its type's name, comes with it like its numbers and texts.
function withoutIntrospection(document: DocumentNode, name: string): DocumentNode {
  const operation = getOperationAST(document, name === '' ? undefined : name)
  return visit(document, {
    OperationDefinition: (node) => (node === operation ? undefined : null),
    Field: (node) => (node.name.value.startsWith('__') ? null : undefined),
  })
}
