import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** How much a selection asks for, with its fragments put in wherever they are used. */
export interface Size {
  /** Levels of nested fields; what is asked of the schema is one level. */
  depth: number
  /** Fields on all levels. */
  breadth: number
  /** Fields on the first level. */
  fields: number
  aliases: number
  directives: number
  /** Fields that the answer could hold if all of it were about the schema. */
  facts: number
  /** Fields that the answer could hold of the schema. */
  introspected: number
}

const NOTHING: Size = {
  ...{ depth: 0, breadth: 0, fields: 0, aliases: 0, directives: 0, facts: 0, introspected: 0 },
}

// About how many entries the lists of an introspection have, on the average of all types.
const ENTRIES: Readonly<Record<string, number>> = {
  ...{ types: 150, fields: 6, args: 1, inputFields: 2, enumValues: 2 },
  ...{ possibleTypes: 1, interfaces: 1, directives: 6 },
}

interface Fragments {
  nodes: ReadonlyMap<string, FragmentDefinitionNode>
  /** Those that have been measured; one that is being measured counts nothing within itself. */
  sizes: Map<string, Size>
  /** How many selections the one lies in that is being measured. */
  level: number
}

// More than any operation has that is within the limits on levels; what follows takes stack for each.
const LEVELS_MAX = 500

/**
 * The sizes of a document's operations and fragments. Every selection of the document is looked at
 * once, however often its fragment is used. Cycles of fragments, which are refused later, end. Throws a
 * `RangeError` for selections within selections without end.
 */
export function measuresOf({ definitions }: DocumentNode): Size[] {
  const named = definitions.filter(isFragment).map((node) => [node.name.value, node] as const)
  const fragments: Fragments = { nodes: new Map(named), sizes: new Map(), level: 0 }
  return definitions.flatMap((definition) => {
    if (isFragment(definition)) {
      // Where it stands tells how deep it goes, and what it begins with.
      return [{ ...sizeOfFragment(definition.name.value, fragments), depth: 0, fields: 0 }]
    }
    if (definition.kind !== Kind.OPERATION_DEFINITION) return []
    const { variableDefinitions = [], selectionSet } = definition
    const own = [definition, ...variableDefinitions].map(directivesOf).reduce(sum, 0)
    const size = sizeOf(selectionSet, fragments)
    return [{ ...size, directives: size.directives + own }]
  })
}

function isFragment(node: DefinitionNode): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION
}

function sizeOf({ selections }: SelectionSetNode, fragments: Fragments): Size {
  if (fragments.level === LEVELS_MAX) throw new RangeError('Too many selections in selections.')
  fragments.level += 1
  let size = NOTHING
  for (const selection of selections) size = add(size, sizeOfSelection(selection, fragments))
  fragments.level -= 1
  return size
}

function sizeOfSelection(node: SelectionNode, fragments: Fragments): Size {
  if (node.kind === Kind.FIELD) return sizeOfField(node, fragments)
  const size =
    node.kind === Kind.INLINE_FRAGMENT
      ? sizeOf(node.selectionSet, fragments)
      : sizeOfFragment(node.name.value, fragments)
  return { ...size, directives: size.directives + directivesOf(node) }
}

function sizeOfFragment(name: string, fragments: Fragments): Size {
  const known = fragments.sizes.get(name)
  const node = fragments.nodes.get(name)
  if (known !== undefined || node === undefined) return known ?? NOTHING
  fragments.sizes.set(name, NOTHING)
  const inner = sizeOf(node.selectionSet, fragments)
  const size = { ...inner, directives: inner.directives + directivesOf(node) }
  fragments.sizes.set(name, size)
  return size
}

function sizeOfField(node: FieldNode, fragments: Fragments): Size {
  const name = node.name.value
  const inner = node.selectionSet ? sizeOf(node.selectionSet, fragments) : NOTHING
  const facts = 1 + inner.facts * (ENTRIES[name] ?? 1)
  const isIntrospection = name === '__schema' || name === '__type'
  return {
    depth: isIntrospection ? 1 : inner.depth + 1,
    breadth: inner.breadth + 1,
    fields: 1,
    aliases: inner.aliases + (node.alias ? 1 : 0),
    directives: inner.directives + directivesOf(node),
    facts,
    introspected: isIntrospection ? facts : inner.introspected,
  }
}

function directivesOf({ directives = [] }: { directives?: readonly object[] }): number {
  return directives.length
}

function add(one: Size, other: Size): Size {
  return {
    depth: Math.max(one.depth, other.depth),
    breadth: one.breadth + other.breadth,
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    facts: one.facts + other.facts,
    introspected: one.introspected + other.introspected,
  }
}

function sum(one: number, other: number): number {
  return one + other
}
