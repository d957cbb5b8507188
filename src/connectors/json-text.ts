import type { JsonValue } from '../domain/json.ts'

/**
 * Parses JSON without losing digits: an integer past 2^53 - 1 becomes the string of its digits.
 * Undefined when the text is not JSON. Escapes that no database takes (NUL, half a surrogate pair,
 * which platforms make by cutting a text in the middle of an emoji) become U+FFFD.
 */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const clean = withoutBrokenEscapes(text)
    // The reviver costs more than the parsing, so it runs only where a long number stands.
    return LONG_NUMBER.test(clean) ? JSON.parse(clean, keepDigits) : JSON.parse(clean)
  } catch {
    return undefined
  }
}

const LONG_NUMBER = /(?:^|[:[,\s])-?\d{16}/

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?\d+$/.test(source) ? source : value
}

const SUSPICIOUS_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/
const ESCAPE =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u(0000|[dD][89a-fA-F][\da-fA-F]{2})|\\./g

function withoutBrokenEscapes(text: string): string {
  if (!SUSPICIOUS_ESCAPE.test(text)) return text
  return text.replace(ESCAPE, (whole, broken?: string) =>
    broken === undefined ? whole : '\\ufffd',
  )
}
