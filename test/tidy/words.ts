import { lineOf, type Source, type Violation, walk } from './source.ts'

const PLATFORM_WORDS = /facebook|instagram|linkedin|tiktok|twitter|youtube/gi
const PLATFORM_PLACES =
  /^src\/(domain\/platform\.ts|domain\/catalog\/|connectors\/|simulator\/|rest\/[^/]+\/)/
const VENDORS = ['dravo', 'unipost', 'mosaic', 'tokportal'] as const
const START_UP = /^src\/(main|app|config|log)\.ts$|^src\/cli\//

/** A platform's name where code should ask the catalogue or the port instead. */
export function platformViolations(source: Source): Violation[] {
  if (!source.path.startsWith('src/') || PLATFORM_PLACES.test(source.path)) return []
  const named = [...source.text.matchAll(PLATFORM_WORDS)].map((match) => ({
    word: match[0],
    offset: match.index,
  }))
  // The shortest name is an ordinary letter: only as a text of its own does it name the platform.
  for (const { node } of walk(source.program)) {
    if (node.type === 'Literal' && /^x$/i.test(String(node['value']))) {
      named.push({ word: String(node['value']), offset: node.start })
    }
  }
  return named.map(
    ({ word, offset }) => `${source.path}:${lineOf(source, offset)}: names the platform ${word}`,
  )
}

// The list of all facades.
const VENDORS_PLACE = 'src/rest/facades.ts'

/** A vendor's name outside the folder of that vendor's facade. */
export function vendorViolations(source: Source): Violation[] {
  if (!source.path.startsWith('src/') || source.path === VENDORS_PLACE) return []
  return VENDORS.filter((vendor) => !source.path.startsWith(`src/rest/${vendor}/`))
    .filter((vendor) => source.text.toLowerCase().includes(vendor))
    .map((vendor) => `${source.path}: names the vendor ${vendor}`)
}

/** Time, chance and environment that were not passed in. */
export function ambientViolations(source: Source): Violation[] {
  if (!source.path.startsWith('src/') || START_UP.test(source.path)) return []
  const found: Violation[] = []
  for (const { node } of walk(source.program)) {
    const name = ambientName(node, source)
    if (name !== null) found.push(`${source.path}:${lineOf(source, node.start)}: uses ${name}`)
  }
  return found
}

function ambientName(node: { type: string; [property: string]: unknown }, source: Source) {
  if (node.type === 'MemberExpression') {
    const text = source.text.slice(Number(node['start']), Number(node['end']))
    return /^(process\.env|Date\.now|Math\.random)$/.test(text) ? text : null
  }
  const callee = node['callee'] as { name?: string } | undefined
  const bare = node.type === 'NewExpression' && (node['arguments'] as unknown[]).length === 0
  return bare && callee?.name === 'Date' ? 'new Date()' : null
}

/** Module mocks: doubles stand at the edges only. */
export function mockViolations(source: Source): Violation[] {
  const call = ['vi', 'mock'].join('.')
  return source.text.includes(`${call}(`) ? [`${source.path}: uses ${call}`] : []
}
