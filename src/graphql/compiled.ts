import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type SourceLocation,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Plugin } from 'graphql-yoga'
import { conditionsIn, valuesOf, withoutConditions } from './without-conditions.ts'

type Answer = ExecutionResult | Promise<ExecutionResult>
type Run = (args: ExecutionArgs) => Answer

// Each variant takes memory of its own, so one more takes the place of the first.
const VARIANTS_MAX = 4

/** What one operation of a document has become. */
interface Operation {
  /** The variables that decide what is left out of it. */
  conditions: readonly string[]
  /** What runs it, by their values. */
  variants: Map<string, Run>
}

/**
 * Runs queries and mutations as code that is made once for each of them, in place of walking the
 * document for every request. The answers are those of the interpreter.
 */
export function useCompiledOperations(): Plugin {
  const known = new WeakMap<DocumentNode, Map<string, Operation>>()
  const operationOf = ({ document, operationName }: ExecutionArgs): Operation => {
    const byName = known.get(document) ?? new Map<string, Operation>()
    known.set(document, byName)
    const name = operationName ?? ''
    const found = byName.get(name) ?? { conditions: conditionsIn(document), variants: new Map() }
    byName.set(name, found)
    return found
  }
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => runOf(operationOf(args), args)(args))
    },
  }
}

// The compiler takes what a fragment is used under in one place for what it is used under in all.
// So it is given what is left when conditions are decided.
function runOf({ conditions, variants }: Operation, args: ExecutionArgs): Run {
  const values = valuesOf(conditions, args)
  if (values === null) return execute
  const variant = Object.values(values).join()
  const known = variants.get(variant)
  if (known !== undefined) return known
  const [first] = variants.keys()
  if (first !== undefined && variants.size === VARIANTS_MAX) variants.delete(first)
  const run = compile(args, withoutConditions(args.document, values))
  variants.set(variant, run)
  return run
}

// What cannot be compiled, such as a document without the operation that is asked for, is left to
// the interpreter, which knows how to refuse it.
function compile({ schema, document, operationName }: ExecutionArgs, decided: DocumentNode): Run {
  const made = compileQuery(schema, decided, operationName ?? undefined)
  if (!isCompiledQuery(made)) return execute
  return (args) => {
    const answer = made.query(args.rootValue, args.contextValue, args.variableValues ?? {})
    const finish = (result: ExecutionResult): Answer => {
      if (result.errors === undefined) return result
      // Nothing was run: a variable is wrong, which the interpreter tells as everybody expects it.
      if (result.data === undefined) return execute(args)
      return { ...result, errors: result.errors.map((error) => toGraphqlError(error, document)) }
    }
    return answer instanceof Promise ? answer.then(finish) : finish(answer)
  }
}

// The errors of compiled code know their places in the document, but not in the way in which
// those of the interpreter do.
function toGraphqlError(error: GraphQLError, { loc }: DocumentNode): GraphQLError {
  const { message, path = null, originalError = null, locations = [] } = error
  const source = loc?.source ?? null
  const positions = source && locations.map((location) => positionOf(source.body, location))
  const { extensions = null } = error as { extensions?: GraphQLError['extensions'] }
  return new GraphQLError(message, { source, positions, path, originalError, extensions })
}

function positionOf(text: string, { line, column }: SourceLocation): number {
  const linesBefore = text.split(/\r\n|[\n\r]/g, line - 1)
  const breaks = text.match(/\r\n|[\n\r]/g) ?? []
  return linesBefore.reduce(
    (sum, each, at) => sum + each.length + (breaks[at] ?? '').length,
    column - 1,
  )
}
