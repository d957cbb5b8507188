import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
} from 'graphql'
import { type SchemaField, schemaFields } from './schema-fields.ts'

/** What a text names: a place in a list, a wish, something that the caller names; or nothing. */
export type Meaning = 'id' | 'cursor' | 'key' | 'name' | 'nothing'

/** An argument, or a member of one, that may name something. */
export interface IdInput {
  of: SchemaField
  path: string
  meaning: Meaning
  /** `Type.field(path)`. */
  name: string
}

// What arguments of type String are. Those of type ID are ids.
const MEANINGS: Record<string, Meaning> = {
  after: 'cursor',
  before: 'cursor',
  idempotencyKey: 'key',
  timeZone: 'nothing',
  names: 'nothing',
  'Mutation.connectAccount(input.platformAccountId)': 'name',
  'Mutation.connectAccount(input.localId)': 'name',
  'Mutation.connectAccount(input.accessToken)': 'nothing',
  'Mutation.connectAccount(input.refreshToken)': 'nothing',
  'Mutation.connectAccount(input.scopes)': 'nothing',
  'Mutation.connectAccount(input.handle)': 'nothing',
  'Mutation.recordPost(input.localId)': 'name',
  'Mutation.recordPost(input.text)': 'nothing',
  'Mutation.recordPost(input.publications.localId)': 'name',
  'Mutation.recordPost(input.publications.platformPostId)': 'name',
  'Mutation.recordPost(input.publications.text)': 'nothing',
}

/** Every argument of the schema that may name something. Throws for one that nobody has judged. */
export function idInputs(): IdInput[] {
  return schemaFields().flatMap((of) =>
    of.field.args
      .flatMap((arg) => inputsBelow(arg, arg.name))
      .map(({ path, type }) => {
        const name = `${of.name}(${path})`
        const meaning = type === 'ID' ? 'id' : (MEANINGS[name] ?? MEANINGS[path])
        if (meaning === undefined) throw new Error(`Nobody said what ${name} means.`)
        return { of, path, meaning, name }
      }),
  )
}

function inputsBelow(
  input: GraphQLArgument | GraphQLInputField,
  path: string,
): { path: string; type: string }[] {
  const type = getNamedType(input.type)
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) =>
      inputsBelow(field, `${path}.${field.name}`),
    )
  }
  return type.name === 'ID' || type.name === 'String' ? [{ path, type: type.name }] : []
}
