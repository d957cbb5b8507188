/** One field of a `fields` parameter, with its modifiers and what is selected below it. */
export interface SelectedField {
  name: string
  /** `insights.metric(a,b).period(day)`: `{ metric: 'a,b', period: 'day' }`. */
  modifiers: Readonly<Record<string, string>>
  fields: readonly SelectedField[]
}

/** Reads a `fields` parameter such as `id,insights.metric(reach,views),children{id}`. */
export function parseFields(text: string): SelectedField[] {
  return splitOutside(text).map(parseField)
}

function parseField(text: string): SelectedField {
  const brace = text.indexOf('{')
  const head = brace < 0 ? text : text.slice(0, brace)
  const below = brace < 0 ? '' : text.slice(brace + 1, text.lastIndexOf('}'))
  const name = /^[^.(]*/.exec(head)?.[0] ?? ''
  const modifiers = [...head.matchAll(/\.(\w+)\(([^)]*)\)/g)]
  return {
    name: name.trim(),
    modifiers: Object.fromEntries(modifiers.map(([, key = '', value = '']) => [key, value])),
    fields: below === '' ? [] : parseFields(below),
  }
}

// Commas inside brackets belong to a modifier or to the fields below.
function splitOutside(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const letter of text) {
    if (letter === '(' || letter === '{') depth += 1
    if (letter === ')' || letter === '}') depth -= 1
    if (letter === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part].map((one) => one.trim()).filter((one) => one !== '')
}
