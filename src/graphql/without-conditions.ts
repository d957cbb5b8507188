import { type DirectiveNode, type DocumentNode, getOperationAST, Kind, visit } from 'graphql'

const CONDITIONS: readonly string[] = ['skip', 'include']

/** What a request says of the variables that decide what is left out. */
export type Conditions = Readonly<Record<string, boolean>>

/** The variables of a document by which something of it is left out or not, in order of their names. */
export function conditionsIn(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    Directive(node) {
      const condition = conditionOf(node)
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value)
    },
  })
  return [...names].toSorted()
}

/** The values of these variables in one request; null: one of them has none that is good. */
export function valuesOf(
  names: readonly string[],
  { document, operationName, variableValues }: ConditionalRequest,
): Conditions | null {
  const values: Record<string, boolean> = {}
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
  for (const name of names) {
    const definition = definitions.find(({ variable }) => variable.name.value === name)
    // It belongs to another operation of the document.
    if (definition === undefined) continue
    const { defaultValue } = definition
    const otherwise = defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined
    const given = variableValues?.[name]
    const value = given === undefined ? otherwise : given
    if (typeof value !== 'boolean') return null
    values[name] = value
  }
  return values
}

/** What decides what is left out. */
export interface ConditionalRequest {
  document: DocumentNode
  operationName?: string | null | undefined
  variableValues?: Readonly<Record<string, unknown>> | null | undefined
}

/** The document as it is for these values, without what is left out, and without conditions. */
export function withoutConditions(document: DocumentNode, values: Conditions): DocumentNode {
  const prune = <Node extends { directives?: readonly DirectiveNode[] | undefined }>(
    node: Node,
  ) => {
    const { directives = [] } = node
    if (directives.length === 0) return undefined
    return directives.every((each) => isMet(each, values)) ? { ...node, directives: [] } : null
  }
  return visit(document, { Field: prune, FragmentSpread: prune, InlineFragment: prune })
}

function isMet(directive: DirectiveNode, values: Conditions): boolean {
  const condition = conditionOf(directive)
  if (condition === null) return true
  const value =
    condition.kind === Kind.VARIABLE
      ? values[condition.name.value]
      : condition.kind === Kind.BOOLEAN && condition.value
  return value === (directive.name.value === 'include')
}

function conditionOf({ name, arguments: given }: DirectiveNode) {
  if (!CONDITIONS.includes(name.value)) return null
  return given?.find((each) => each.name.value === 'if')?.value ?? null
}
