import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { schema } from '../../src/graphql/schema.ts'

/**
 * Everything that a type's fields say that take no arguments, as GraphQL text with braces: leaves,
 * and objects to a depth. Empty for a leaf.
 */
export function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  const types = isAbstractType(named) ? schema.getPossibleTypes(named) : [named]
  const parts = types.filter(isObjectType).map((each) => {
    const fields = fieldsOf(each, depth)
    return isAbstractType(named) ? `... on ${each.name} { ${fields} }` : fields
  })
  return `{ __typename ${parts.join(' ')} }`
}

// Under names of their own: the members of a union have fields of one name and other types.
function fieldsOf(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return []
    const selection = selectionTo(field.type, depth - 1)
    return selection === null ? [] : [`${type.name}_${field.name}: ${field.name} ${selection}`]
  })
  return fields.join(' ')
}

function selectionTo(type: GraphQLOutputType, depth: number): string | null {
  if (isLeafType(getNamedType(type))) return ''
  return depth > 0 ? selectionOf(type, depth) : null
}
