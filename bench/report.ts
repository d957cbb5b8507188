import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PATH = join(import.meta.dirname, '../docs/bench.md')
const TITLE = '# Benchmarks\n\nWritten by `npm run bench -- <name>`: the last figures of each.\n'

/** Replaces one benchmark's section of docs/bench.md, or adds it. */
export function writeSection(name: string, section: string): void {
  const [, ...sections] = readReport().split(/^## /m)
  const others = sections.filter((each) => !each.startsWith(`${name}\n`))
  const all = [...others.map((each) => each.trimEnd()), `${name}\n\n${section}`].sort()
  writeFileSync(PATH, [TITLE, ...all.map((each) => `## ${each}\n`)].join('\n'))
}

function readReport(): string {
  try {
    return readFileSync(PATH, 'utf8')
  } catch {
    return TITLE
  }
}

/** A table of Markdown. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const TENTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** A number for people: whole, or with a tenth where it is small. */
export function figure(value: number): string {
  return (value < 100 ? TENTHS : WHOLE).format(value)
}
