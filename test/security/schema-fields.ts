import { GraphQLError, type GraphQLField, type GraphQLObjectType, isObjectType } from 'graphql'
import type { Scope } from '../../src/auth/scopes.ts'
import { AppError } from '../../src/domain/errors.ts'
import { schema } from '../../src/graphql/schema.ts'

/** A field of an object type, as the schema has it. */
export interface SchemaField {
  type: GraphQLObjectType
  field: GraphQLField<unknown, unknown>
  /** `Type.field`. */
  name: string
}

/** Every field of every object type, but for those of introspection. */
export function schemaFields(): SchemaField[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => {
      const fields = Object.values((type as GraphQLObjectType).getFields())
      return fields.map((field) => ({
        type: type as GraphQLObjectType,
        field,
        name: `${type.name}.${field.name}`,
      }))
    })
}

/**
 * Whether the resolver of a field lets in somebody with these scopes, whatever it answers then: it
 * finds nothing that it could answer from.
 */
export async function letsIn(
  { type, field }: SchemaField,
  scopes: readonly Scope[],
): Promise<boolean> {
  const context = { principal: { workspaceId: 'w', keyId: 'k', scopes } }
  const info = { fieldName: field.name, parentType: type, schema, path: { key: field.name } }
  const resolve = type.name === 'Subscription' ? field.subscribe : field.resolve
  if (!resolve) return true
  try {
    await (resolve as (...all: unknown[]) => unknown)({}, {}, context, info)
    return true
  } catch (error) {
    return !isForbidden(error)
  }
}

function isForbidden(error: unknown): boolean {
  const origin = error instanceof GraphQLError ? error.originalError : error
  return origin instanceof AppError && origin.code === 'FORBIDDEN'
}
