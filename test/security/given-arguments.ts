import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

/** An argument or a member of an input, by its path such as `filter.accountId`. */
export interface GivenInput {
  path: string
  input: GraphQLArgument | GraphQLInputField
}

/** Chooses a value, as GraphQL text; undefined leaves it to the type. */
export type Choose = (given: GivenInput) => string | undefined

const SCALARS: Record<string, string> = {
  ID: '"never-was"',
  String: '"text"',
  Int: '1',
  Float: '1',
  Boolean: 'true',
  Count: '1',
  DateTime: '"2026-06-01T00:00:00Z"',
  URL: '"https://example.com/"',
  JSON: '{}',
}

/**
 * Arguments for a field as GraphQL text, parentheses included: those that are required, and those
 * that somebody chooses a value for.
 */
export function argumentsOf(inputs: readonly GraphQLArgument[], choose: Choose): string {
  const parts = inputs.flatMap((input) => {
    const given = { path: input.name, input }
    const value = choose(given) ?? textOf(given, choose, isRequiredArgument(input))
    return value === null ? [] : [`${input.name}: ${value}`]
  })
  return parts.length === 0 ? '' : `(${parts.join(', ')})`
}

/** The value of an input; null: it is left out, for nothing in it was chosen. */
function textOf(given: GivenInput, choose: Choose, isRequired: boolean): string | null {
  const { type, depth } = unwrapped(given.input.type)
  const inner = isInputObjectType(type)
    ? objectOf(given.path, Object.values(type.getFields()), choose)
    : { text: plainOf(type), isChosen: false }
  if (!isRequired && !inner.isChosen) return null
  return '['.repeat(depth) + inner.text + ']'.repeat(depth)
}

function objectOf(path: string, fields: readonly GraphQLInputField[], choose: Choose) {
  const parts: string[] = []
  let isChosen = false
  for (const input of fields) {
    const given = { path: `${path}.${input.name}`, input }
    const chosen = choose(given)
    const value = chosen ?? textOf(given, choose, isRequiredInputField(input))
    if (value === null) continue
    isChosen ||= chosen !== undefined || !isRequiredInputField(input)
    parts.push(`${input.name}: ${value}`)
  }
  return { text: `{ ${parts.join(', ')} }`, isChosen }
}

function plainOf(type: GraphQLInputType): string {
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  const name = 'name' in type ? type.name : ''
  const text = SCALARS[name]
  if (text === undefined) throw new Error(`Nobody said what a ${name} looks like.`)
  return text
}

function unwrapped(type: GraphQLInputType, depth = 0): { type: GraphQLInputType; depth: number } {
  if (isNonNullType(type)) return unwrapped(type.ofType, depth)
  return isListType(type) ? unwrapped(type.ofType, depth + 1) : { type, depth }
}
