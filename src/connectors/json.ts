import { ConnectorError } from '../domain/connector.ts'
import type { JsonObject, JsonValue } from '../domain/json.ts'
import { failureOf, unanswered } from './failures.ts'
import type { Answer } from './http.ts'

/** Whether a JSON value is an object; lists are not. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object at a path of keys, such as `data.user`. Throws `malformed` when there is none. */
export function objectAt(root: JsonValue, path: string): JsonObject {
  const value = valueAt(root, path)
  if (isObject(value)) return value
  throw malformed('object', path)
}

/** The objects of the list at a path of keys. Throws `malformed` when it is none of objects. */
export function objectsAt(root: JsonValue, path: string): JsonObject[] {
  const value = valueAt(root, path)
  if (!Array.isArray(value)) throw malformed('list', path)
  return value.map((item, index) => {
    if (isObject(item)) return item
    throw malformed('object', `${path}[${index}]`)
  })
}

/** As `objectsAt`, but empty where the platform left the list out. */
export function anyObjectsAt(root: JsonValue, path: string): JsonObject[] {
  const value = valueAt(objectAt(root, ''), path)
  return value === undefined || value === null ? [] : objectsAt(root, path)
}

/** The texts of the list at a path of keys; empty when there is none. Throws nothing. */
export function textsAt(root: JsonValue, path: string): string[] {
  const value = valueAt(root, path)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The objects of a list with their ids, and how many items there are whose id cannot be told. */
export interface Identified {
  items: { id: string; object: JsonObject }[]
  unnamed: number
}

/**
 * The objects of the list at a path of keys that say which they are: one that does not costs the
 * others nothing. Throws `malformed` when there is no list.
 */
export function identifiedAt(root: JsonValue, path: string): Identified {
  const list = valueAt(root, path)
  if (!Array.isArray(list)) throw malformed('list', path)
  const items = list.flatMap((object) => {
    const id = isObject(object) ? idIn(object, 'id') : null
    return isObject(object) && id !== null ? [{ id, object }] : []
  })
  return { items, unnamed: list.length - items.length }
}

/** The id under a key, however the platform spells it. Throws `malformed` when there is none. */
export function idAt(object: JsonObject, key: string, path: string): string {
  const id = idIn(object, key)
  if (id !== null) return id
  throw malformed('id', path === '' ? key : `${path}.${key}`)
}

function idIn(object: JsonObject, key: string): string | null {
  const value = object[key]
  return wordsOf(value) ?? (Number.isSafeInteger(value) ? `${value}` : null)
}

/** The value at a path of keys; undefined when there is nothing. Throws nothing. */
export function valueAt(root: JsonValue | undefined, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = root
  for (const key of path.split('.').filter((part) => part !== '')) {
    value = isObject(value) ? value[key] : undefined
  }
  return value
}

/** The value when it is a text; null otherwise. */
export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

/** The value when it is a text that says something; null otherwise. */
export function wordsOf(value: JsonValue | undefined): string | null {
  const text = textOf(value)
  return text === null || text.trim() === '' ? null : text
}

/** The value when it is a finite number; null otherwise. */
export function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/**
 * Reads a successful answer. Throws `malformed`, with the status and the body, when it is not JSON
 * or not of the shape that `read` asks for.
 */
export function parsed<T>(label: string, answer: Answer, read: (json: JsonValue) => T): T {
  if (answer.json === undefined) {
    const what = answer.excerpt === '' ? 'an empty body' : 'a body that is not JSON'
    throw new ConnectorError(failureOf(answer, 'malformed', `${label} answered with ${what}.`))
  }
  try {
    return read(answer.json)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.failure.status !== null) throw error
    const message = `${label}: ${error.failure.message}`
    throw new ConnectorError(failureOf(answer, error.failure.kind, message))
  }
}

function malformed(what: string, path: string): ConnectorError {
  const where = path === '' ? 'at its top' : `at ${path}`
  return new ConnectorError(unanswered('malformed', `The answer has no ${what} ${where}.`))
}
