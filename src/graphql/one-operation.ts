const JSON_BODY = /^application\/(graphql\+)?json\s*(;|$)/i

/** Whether a body with this `Content-Type` is taken: no form of another site can send such a one. */
export function isJson(contentType: string | null | undefined): boolean {
  return JSON_BODY.test(contentType ?? '')
}

/** The most that the JSON of one operation may hold beside its document. */
export interface JsonLimits {
  /** Levels of nested values in the variables and extensions. */
  jsonDepthMax: number
  /** Values on all levels of a body, lists and objects among them. */
  jsonValuesMax: number
}

/** What JSON has too much of: levels, or values. */
export type Excess = 'levels' | 'values'

/** Whether parameters are those of one operation, nested no deeper than is allowed. */
export function isOneOperation(parameters: unknown, jsonDepthMax: number): boolean {
  return !Array.isArray(parameters) && !isDeeper(parameters, jsonDepthMax + 1)
}

function isDeeper(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depthMax === 0) return true
  for (const name in value) {
    if (isDeeper(Reflect.get(value, name), depthMax - 1)) return true
  }
  return false
}

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
// A bracket and a brace, which their closing counterparts follow after one more.
const BRACKET = 91
const BRACE = 123

/**
 * What the body of one operation has too much of; null: nothing. It is seen without parsing the body:
 * what nests a hundred thousand times, or lists as much, takes a parser longer than many operations
 * take to be answered. An empty list or object counts as if it held one value.
 */
export function excessOf(json: string, { jsonDepthMax, jsonValuesMax }: JsonLimits): Excess | null {
  let depth = 0
  let values = 1
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfText(json, at)
    else if (code === COMMA) values += 1
    else if (code === BRACKET || code === BRACE) {
      depth += 1
      values += 1
    } else if (code === BRACKET + 2 || code === BRACE + 2) depth -= 1
    if (depth > jsonDepthMax + 1) return 'levels'
    if (values > jsonValuesMax) return 'values'
  }
  return null
}

/** Where the text ends that begins at a quote. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  for (; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === BACKSLASH) at += 1
    else if (code === QUOTE) return at
  }
  return at
}
