/** The value of a JSON text; null for a text that is none, an empty object for no text. */
export function jsonOrNull(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
