import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { Call } from '../simulation.ts'
import { refusal } from './errors.ts'
import type { SelectedField } from './fields.ts'

/** Builds the value of one field; undefined leaves the field out of the answer. */
export type Builder = (selected: SelectedField) => JsonValue | undefined

/** What kind of node is built, and how its errors are typed. */
export interface NodeType {
  name: string
  errorType: 'IGApiException' | 'OAuthException'
}

const ID: SelectedField = { name: 'id', modifiers: {}, fields: [] }

/** A node with the selected fields, the id always among them. Refuses a field that there is none of. */
export function buildNode(
  call: Call,
  type: NodeType,
  builders: Record<string, Builder>,
  fields: readonly SelectedField[],
): JsonObject {
  const object: JsonObject = {}
  for (const selected of [...fields, ID]) {
    const builder = Object.hasOwn(builders, selected.name) ? builders[selected.name] : undefined
    if (builder === undefined) throw noField(call, selected.name, type)
    const value = builder(selected)
    if (value !== undefined) object[selected.name] = value
  }
  return object
}

/** The node has no such field or edge. */
export function noField(call: Call, field: string, { name, errorType }: NodeType) {
  return refusal(call, {
    code: 100,
    type: errorType,
    message: `(#100) Tried accessing nonexisting field (${field}) on node type (${name})`,
  })
}
