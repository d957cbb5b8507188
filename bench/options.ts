import { parseArgs } from 'node:util'

/**
 * The numbers that options such as `--rounds 3` give, and the usual ones of the others. Throws for
 * an option that is none of these, or no positive number.
 */
export function numbersIn<Name extends string>(
  words: readonly string[],
  usual: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(usual) as Name[]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ args: [...words], options })
  const given = names.map((name) => {
    const number = Number(values[name] ?? usual[name])
    if (!(number > 0)) throw new Error(`--${name} takes a positive number.`)
    return [name, number]
  })
  return Object.fromEntries(given)
}
