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

type Answer = ExecutionResult | Promise<ExecutionResult>
type Run = (args: ExecutionArgs) => Answer

/**
 * Runs queries and mutations as code that is made once for each of them, in place of walking the
 * document for every request. The answers are those of the interpreter.
 */
export function useCompiledOperations(): Plugin {
  const compiled = new WeakMap<DocumentNode, Map<string, Run>>()
  const runOf = (args: ExecutionArgs): Run => {
    const byName = compiled.get(args.document) ?? new Map<string, Run>()
    compiled.set(args.document, byName)
    const name = args.operationName ?? ''
    const run = byName.get(name) ?? compile(args)
    byName.set(name, run)
    return run
  }
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => runOf(args)(args))
    },
  }
}

// What cannot be compiled, such as a document without the operation that is asked for, is left to
// the interpreter, which knows how to refuse it.
function compile({ schema, document, operationName }: ExecutionArgs): Run {
  const made = compileQuery(schema, document, operationName ?? undefined)
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
