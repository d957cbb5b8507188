const JSON_BODY = /^application\/(graphql\+)?json\s*(;|$)/i

/** Whether a body with this `Content-Type` is taken: no form of another site can send such a one. */
export function isJson(contentType: string | null | undefined): boolean {
  return JSON_BODY.test(contentType ?? '')
}

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
const BACKSLASH = 92
// A bracket and a brace, which their closing counterparts follow after one more.
const BRACKET = 91
const BRACE = 123

/**
 * Whether JSON nests deeper than a body of one operation may, seen without parsing it: what nests a
 * hundred thousand times takes a parser longer than many operations take to be answered.
 */
export function isNested(json: string, jsonDepthMax: number): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfText(json, at)
    else if (code === BRACKET || code === BRACE) depth += 1
    else if (code === BRACKET + 2 || code === BRACE + 2) depth -= 1
    if (depth > jsonDepthMax + 1) return true
  }
  return false
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
