/** Which field of an input was wrong, and why, in a sentence for people. */
export interface InvalidInput {
  kind: 'invalid'
  /** The field's path, such as `publications.0.platformPostId`. */
  field: string
  message: string
}

// What stands in a path of a URL as it is, so that other systems' ids can be kept.
const LOCAL_ID = /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,127}$/

/** That a text is empty, has blanks around it, or is too long; null: it is right, or not given. */
export function invalidText(
  field: string,
  text: string | null,
  lengthMax: number,
): InvalidInput | null {
  if (text === null) return null
  const invalid = (what: string) => ({
    kind: 'invalid' as const,
    field,
    message: `${field} ${what}.`,
  })
  if (text.trim() === '') return invalid('is empty')
  if (text !== text.trim()) return invalid('begins or ends with a blank')
  if (text.includes('\0')) return invalid('holds a zero character')
  return text.length <= lengthMax ? null : invalid(`has more than ${lengthMax} characters`)
}

/** That an id cannot be kept as it is; null: it can, or is not given. */
export function invalidLocalId(field: string, id: string | null): InvalidInput | null {
  if (id === null || LOCAL_ID.test(id)) return null
  const characters = '1 to 128 letters, digits or any of . _ ~ : -'
  const message = `${field} takes ${characters}, and begins with a letter or digit.`
  return { kind: 'invalid', field, message }
}
