import { type DocumentNode, type GraphQLError, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { AppError } from '../domain/errors.ts'
import { toGraphqlError } from './errors.ts'
import { measuresOf, type Size } from './operation-size.ts'

/** The most that one document may hold, fragments counted wherever they are used. */
export interface OperationLimits {
  /** Names, numbers, braces and the like: what the parser takes apart. Of lines, as many. */
  tokensMax: number
  /** Levels of nested fields. */
  depthMax: number
  /** Fields in the whole operation. */
  breadthMax: number
  /** Fields that an operation begins with. */
  rootFieldsMax: number
  /** Fields that are given another name. */
  aliasesMax: number
  directivesMax: number
  /** Fields that an operation could be answered of the schema itself. */
  introspectionMax: number
}

const NESTED = 'is nested too deeply to be read'

interface Limit {
  max: keyof OperationLimits
  of(size: Size): number
  says(count: string): string
}

const LIMITS: readonly Limit[] = [
  { max: 'depthMax', of: ({ depth }) => depth, says: (count) => `nests ${count} fields` },
  { max: 'breadthMax', of: ({ breadth }) => breadth, says: (count) => `selects ${count} fields` },
  {
    max: 'rootFieldsMax',
    of: ({ fields }) => fields,
    says: (count) => `begins with ${count} fields`,
  },
  { max: 'aliasesMax', of: ({ aliases }) => aliases, says: (count) => `has ${count} aliases` },
  {
    max: 'directivesMax',
    of: ({ directives }) => directives,
    says: (count) => `has ${count} directives`,
  },
  {
    max: 'introspectionMax',
    of: ({ introspected }) => introspected,
    says: (count) => `could answer with ${count} fields of the schema`,
  },
]

/**
 * Refuses what is too large before anything is done with it: the parser stops at the last token that
 * is allowed, and everything else is counted before the rules of GraphQL are checked, of which some
 * take the square of what they look at.
 */
export function useOperationLimits(limits: OperationLimits): Plugin {
  const checked = new WeakMap<DocumentNode, readonly GraphQLError[]>()
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        const max = limits.tokensMax
        if (hasMoreLines(String(source), max)) throw refusal(`has more than ${max} lines`)
        return unlessTooLarge(() => parse(source, { ...options, maxTokens: max }), max)
      })
    },
    onValidate({ params: { documentAST }, setResult }) {
      const found = checked.get(documentAST) ?? limitErrors(documentAST, limits)
      checked.set(documentAST, found)
      if (found.length > 0) setResult(found)
    },
  }
}

// Every error is told with its place, which takes counting all lines before it.
function hasMoreLines(text: string, max: number): boolean {
  let count = 0
  for (const _ of text.matchAll(/\r\n|[\n\r]/g)) {
    count += 1
    if (count > max) return true
  }
  return false
}

function unlessTooLarge(read: () => DocumentNode, max: number): DocumentNode {
  try {
    return read()
  } catch (error) {
    // Of what is nested thousands of times, the parser runs out of stack before it is through.
    const isNested = error instanceof RangeError
    if (!isNested && !isTokenLimit(error)) throw error
    throw refusal(isNested ? NESTED : `has more than ${max} tokens`)
  }
}

function isTokenLimit(error: unknown): boolean {
  return error instanceof Error && /Document contains more that? \d+ tokens/.test(error.message)
}

/** What is too large about a document: the first thing, or nothing. */
export function limitErrors(
  document: DocumentNode,
  limits: OperationLimits,
): readonly GraphQLError[] {
  try {
    const [found] = measuresOf(document).flatMap((size) => violationOf(size, limits) ?? [])
    return found === undefined ? [] : [refusal(found)]
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [refusal(NESTED)]
  }
}

function violationOf(size: Size, limits: OperationLimits): string | null {
  const limit = LIMITS.find(({ max, of }) => of(size) > limits[max])
  return limit ? `${limit.says(told(limit.of(size)))}, and ${limits[limit.max]} is the most` : null
}

// Fragments of fragments come to numbers that nobody can read.
function told(count: number): string {
  return count > Number.MAX_SAFE_INTEGER ? 'countless' : String(count)
}

function refusal(what: string): GraphQLError {
  const message = `The operation ${what}. Ask for less at once, or in several operations.`
  return toGraphqlError(new AppError('QUERY_TOO_COMPLEX', message))
}
