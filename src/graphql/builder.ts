import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin, { type AuthFailure } from '@pothos/plugin-scope-auth'
import type { Scope } from '../auth/scopes.ts'
import { AppError } from '../domain/errors.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Context } from './context.ts'
import { costOfField } from './cost.ts'
import { decodeId, encodeId } from './ids.ts'
import { COUNT, DATE_TIME, JSON_VALUE, URL_TEXT } from './scalars.ts'

interface SchemaTypes {
  Context: Context
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  AuthScopes: { scope: Scope }
  Connection: {
    /** How many rows the whole list has; asked only when the answer shows it. */
    count(): Promise<number>
  }
  Scalars: {
    Count: { Input: number; Output: number }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: JsonValue; Output: JsonValue }
    URL: { Input: string; Output: string }
    ID: { Input: string; Output: string }
  }
}

/** Builds the schema: the files in `types/` add to it, `schema.ts` finishes it. */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin, RelayPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ principal }) => ({ scope: (scope) => principal.scopes.includes(scope) }),
    unauthorizedError: (_parent, _context, _info, { failure }) => {
      const scopes = missingScopes(failure).join(' and ')
      const message = `This takes the scope ${scopes}, which the key or token of this request lacks.`
      return new AppError('FORBIDDEN', message)
    },
  },
  complexity: {
    // `useCharge` counts before an operation is run, not when its first field is resolved.
    disabled: true,
    fieldComplexity: (args, _context, field) => costOfField(field, args),
  },
  relay: {
    cursorType: 'String',
    encodeGlobalID: (type, id) => encodeId(type, String(id)),
    decodeGlobalID: (text) => {
      const decoded = decodeId(text)
      if (decoded === null) throw new AppError('BAD_USER_INPUT', 'This is no global id.', 'id')
      return { typename: decoded.type, id: decoded.id }
    },
    nodeTypeOptions: { description: 'Anything that `node` finds by its global id.' },
    defaultEdgeTypeOptions: { description: 'A row of a list, and its place in it.' },
    pageInfoTypeOptions: { description: 'Where a page lies within its list.' },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    // The field of the connection counts its page size, so its lists count once.
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      complexity: { field: 0, multiplier: 1 },
    },
    nodeFieldOptions: { nullable: false },
    nodesOnConnection: { complexity: { field: 1, multiplier: 1 } },
  },
})

builder.addScalarType('Count', COUNT)
builder.addScalarType('DateTime', DATE_TIME)
builder.addScalarType('JSON', JSON_VALUE)
builder.addScalarType('URL', URL_TEXT)

/**
 * What fields demand that a mutation's answer leads to: a key that may only change things learns
 * from the answer what it changed, and no numbers.
 */
export const READ = { scope: 'analytics:read' } as const

builder.queryType({
  description:
    'Reads stored numbers. No query waits for a platform. Takes the scope analytics:read.',
  authScopes: READ,
})

builder.mutationType({
  description: 'Changes what is watched, and asks for fresh numbers.',
})

function missingScopes(failure: AuthFailure): string[] {
  if ('failures' in failure) return failure.failures.flatMap(missingScopes)
  return 'parameter' in failure ? [String(failure.parameter)] : []
}
