import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'

/** A node of the syntax tree, as far as the rules look at it. */
export interface Node {
  type: string
  start: number
  end: number
  [property: string]: unknown
}

/** A TypeScript file of the project, parsed. */
export interface Source {
  /** Path from the project's root, with forward slashes. */
  path: string
  text: string
  program: Node
  comments: { start: number; end: number; value: string }[]
  /** What it imports: the specifiers of its import and re-export statements and `import()` calls. */
  imports: string[]
}

/** What a rule found, as one line that says where and what. */
export type Violation = string

/** Parses one file. A syntax error is an error of the test. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const root = program as unknown as Node
  const imports: string[] = []
  for (const { node } of walk(root)) {
    const source = node['source'] as Node | null | undefined
    if (/^(Import|Export)/.test(node.type) && typeof source?.['value'] === 'string') {
      imports.push(source['value'])
    }
  }
  return { path, text, program: root, comments, imports }
}

/** Every TypeScript file below a folder of the project, in path order. */
export function sourcesBelow(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.includes('/generated/'))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

/** Every node of a tree with its parent, parents first. */
export function* walk(
  node: Node,
  parent: Node | null = null,
): Generator<{ node: Node; parent: Node | null }> {
  yield { node, parent }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent') continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* walk(child, node)
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** The line on which an offset of the text lies, from 1. */
export function lineOf(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length
}
