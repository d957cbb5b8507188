import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql'

/** Draws a whole number from 0 up to, but not including, `count`. */
export type Draw = (count: number) => number

/** A query, and what it is sent with. */
export interface RandomOperation {
  query: string
  variables: Record<string, unknown>
}

/** What values of scalars, and of some arguments, are drawn from by their names, as JSON. */
export type ScalarValues = Readonly<Record<string, readonly unknown[]>>

const DEPTH_MAX = 7
const FIELDS_MAX = 4
const SHARE_OF_VARIABLES = 3

interface Making {
  schema: GraphQLSchema
  values: ScalarValues
  draw: Draw
  /** Definitions of variables, and their values, by name. */
  definitions: string[]
  variables: Record<string, unknown>
  fragments: { name: string; on: string; selection: string }[]
}

/**
 * A query of a schema: nested fields under names of their own, fragments of all kinds, directives,
 * and arguments that are written out, sent as variables, or left to their defaults. Most are valid.
 */
export function randomOperation(
  schema: GraphQLSchema,
  values: ScalarValues,
  draw: Draw,
): RandomOperation {
  const making = { schema, values, draw, definitions: [], variables: {}, fragments: [] }
  const root = schema.getQueryType()
  if (!root) throw new Error('The schema has no queries.')
  const selection = selectionOf(making, root, 0)
  const { definitions, fragments, variables } = making as Making
  const header = definitions.length > 0 ? `query Random(${definitions.join(', ')})` : 'query Random'
  const others = fragments.map((each) => `fragment ${each.name} on ${each.on} ${each.selection}`)
  return { query: [`${header} ${selection}`, ...others].join('\n'), variables }
}

function pick<Item>({ draw }: Making, items: readonly Item[]): Item {
  const item = items[draw(items.length)]
  if (item === undefined) throw new Error('There is nothing to draw from.')
  return item
}

function selectionOf(making: Making, type: GraphQLCompositeType, depth: number): string {
  const count = 1 + making.draw(FIELDS_MAX)
  const parts = Array.from({ length: count }, () => partOf(making, type, depth))
  return `{ ${parts.join(' ')} }`
}

function partOf(making: Making, type: GraphQLCompositeType, depth: number): string {
  if (making.draw(10) === 0) return '__typename'
  if (isUnionType(type) || making.draw(5) === 0) return fragmentOf(making, type, depth)
  const fields = Object.values(type.getFields()).filter(
    (field) => depth < DEPTH_MAX || !isCompositeType(getNamedType(field.type)),
  )
  if (fields.length === 0) return '__typename'
  return fieldOf(making, pick(making, fields), depth)
}

function fragmentOf(making: Making, type: GraphQLCompositeType, depth: number): string {
  const { schema, fragments, draw } = making
  const possible = isObjectType(type) ? [type] : schema.getPossibleTypes(type)
  const condition = pick(making, [type, ...possible])
  const known = fragments.filter(({ on }) => on === condition.name)
  // Used again, below another field or under another condition.
  if (known.length > 0 && draw(2) === 0) {
    return `...${pick(making, known).name}${directiveOf(making)}`
  }
  const selection = depth > DEPTH_MAX + 1 ? '{ __typename }' : selectionOf(making, condition, depth)
  if (draw(2) === 0) {
    const on = condition === type && draw(2) === 0 ? '' : ` on ${condition.name}`
    return `...${on}${directiveOf(making)} ${selection}`
  }
  const name = `F${fragments.length}`
  fragments.push({ name, on: condition.name, selection })
  return `...${name}${directiveOf(making)}`
}

function directiveOf(making: Making): string {
  if (making.draw(4) > 0) return ''
  const name = pick(making, ['skip', 'include'])
  const isGiven = making.draw(2) === 0
  if (making.draw(3) === 0) return ` @${name}(if: ${isGiven})`
  return ` @${name}(if: ${declare(making, 'Boolean!', () => isGiven)})`
}

/** A new variable of a type: its name. One with a default may be left out. */
function declare(making: Making, type: string, value: () => unknown, literal?: string): string {
  const { definitions, variables, draw } = making
  const name = `v${definitions.length}`
  const hasDefault = literal !== undefined && draw(2) === 0
  definitions.push(`$${name}: ${type}${hasDefault ? ` = ${literal}` : ''}`)
  if (!hasDefault || draw(2) === 0) variables[name] = value()
  return `$${name}`
}

function fieldOf(making: Making, field: GraphQLField<unknown, unknown>, depth: number): string {
  const type = getNamedType(field.type)
  const args = field.args
    .filter((argument) => isRequiredArgument(argument) || making.draw(3) === 0)
    .map((argument) => `${argument.name}: ${argumentOf(making, argument)}`)
  const isAlone = args.length === 0 && making.draw(3) > 0
  // Another name for each, so that no two mean different things by one.
  const alias = isAlone ? '' : `a${making.definitions.length}_${making.draw(1_000_000)}: `
  const call = `${alias}${field.name}${args.length === 0 ? '' : `(${args.join(', ')})`}`
  const below = () => (isCompositeType(type) ? ` ${selectionOf(making, type, depth + 1)}` : '')
  const once = () => `${call}${directiveOf(making)}${below()}`
  // What is asked for twice is answered once, with what is below either.
  return making.draw(5) === 0 ? `${once()} ${once()}` : once()
}

function argumentOf(making: Making, { name, type }: GraphQLArgument): string {
  const own = making.values[name]
  const value = own ? pick(making, own) : inputOf(making, type)
  const literal = literalOf(value, type)
  if (making.draw(SHARE_OF_VARIABLES) > 0) return literal
  return declare(making, String(type), () => value, literal)
}

/** A value of a type as JSON; sometimes null where it may be. */
function inputOf(making: Making, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return inputOf(making, type.ofType)
  if (making.draw(12) === 0) return null
  if (isListType(type)) {
    return Array.from({ length: making.draw(4) }, () => inputOf(making, type.ofType))
  }
  return namedInputOf(making, type)
}

function namedInputOf(making: Making, type: GraphQLNamedInputType): unknown {
  if (isEnumType(type)) return pick(making, type.getValues()).name
  if (!isInputObjectType(type)) return pick(making, making.values[type.name] ?? [null])
  const fields = Object.values(type.getFields()).filter(
    (field) => isRequiredInputField(field) || making.draw(3) === 0,
  )
  return Object.fromEntries(fields.map((field) => [field.name, inputOf(making, field.type)]))
}

/** A value as it is written in a document. */
function literalOf(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(value, type.ofType)
  if (value === null || value === undefined) return 'null'
  if (isListType(type) && Array.isArray(value)) {
    return `[${value.map((item) => literalOf(item, type.ofType)).join(', ')}]`
  }
  if (isInputObjectType(type)) return objectOf(value, type.getFields())
  return isEnumType(type) ? String(value) : JSON.stringify(value)
}

function objectOf(value: object, types: Record<string, GraphQLInputField>): string {
  const parts = Object.entries(value).map(([name, item]) => {
    const field = types[name]
    return `${name}: ${field ? literalOf(item, field.type) : 'null'}`
  })
  return `{ ${parts.join(', ')} }`
}
