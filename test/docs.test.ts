import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { VARIABLES } from '../src/config.ts'
import { CATALOG } from '../src/domain/catalog/catalog.ts'
import { ERROR_CODES } from '../src/domain/errors.ts'
import { PLATFORM_LABELS, PLATFORMS } from '../src/domain/platform.ts'

function read(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')
}

function headings(text: string, level: number): string[] {
  const marks = '#'.repeat(level)
  return [...text.matchAll(new RegExp(`^${marks} (.+)$`, 'gm'))].map(([, title]) => title ?? '')
}

test('every environment variable has its heading, and no other is documented', () => {
  expect(headings(read('config.md'), 3).sort()).toEqual(VARIABLES.map(({ name }) => name).sort())
})

test('the documented ranges and defaults are the real ones', () => {
  const sections = read('config.md').split(/^### /m)
  for (const { name, takes, fallback } of VARIABLES) {
    const section = sections.find((each) => each.startsWith(`${name}\n`))?.replaceAll('\n', ' ')
    if (takes.startsWith('a whole number')) expect(section).toContain(`Takes ${takes}.`)
    if (fallback !== null) expect(section).toContain(`Default: \`${fallback}\``)
  }
})

test('every error code has its heading, and no other is documented', () => {
  expect(headings(read('errors.md'), 2)).toEqual([...ERROR_CODES])
})

test('every metric has its heading below its platform and subject', () => {
  const sections = read('metrics.md').split(/^(?=### )/m)
  for (const platform of PLATFORMS) {
    for (const subject of ['account', 'post', 'video'] as const) {
      const title = `### ${PLATFORM_LABELS[platform]}: ${subject}\n`
      const section = sections.find((each) => each.startsWith(title)) ?? ''
      const { metrics, statistics } = CATALOG[platform]
      const names = [...metrics[subject].map(({ name }) => name), statistics[subject]?.field]
      expect([platform, subject, ...headings(section, 4)]).toEqual([
        platform,
        subject,
        ...names.filter((name) => name !== undefined),
      ])
    }
  }
})
