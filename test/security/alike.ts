import { decodeId } from '../../src/graphql/ids.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/**
 * An answer as it is whatever was asked for: names that it was asked by, in any form, and ids that
 * were made for it are replaced.
 */
export function leveled(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'string') return leveledText(value, names)
  if (Array.isArray(value)) return value.map((each) => leveled(each, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, leveled(part, names)]))
}

function leveledText(text: string, names: readonly string[]): string {
  const decoded = decodeId(text)
  const plain = decoded === null ? text : `${decoded.type}:${decoded.id}`
  return [...names]
    .sort((one, other) => other.length - one.length)
    .reduce((level, name) => level.replaceAll(name, '<asked>'), plain)
    .replaceAll(UUID, '<made>')
}
