import { builder } from './builder.ts'

/**
 * An enum of the domain's words, each with its description or null, in the given order. GraphQL
 * spells them in capitals: `notReported` and `not_reported` are NOT_REPORTED.
 */
export function enumOf<Word extends string>(
  name: string,
  description: string,
  words: Record<Word, string | null>,
) {
  const values: Record<string, { value: Word; description?: string }> = {}
  for (const word of Object.keys(words) as Word[]) {
    const text = words[word]
    values[toEnumName(word)] = text === null ? { value: word } : { value: word, description: text }
  }
  return builder.enumType(name, { description, values })
}

/** A word of the domain as GraphQL spells it. */
export function toEnumName(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
