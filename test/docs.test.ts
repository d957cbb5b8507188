import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RECORD_SCHEMAS, type RecordType } from '../src/cli/import-record.ts'
import { VARIABLES } from '../src/config.ts'
import { CATALOG } from '../src/domain/catalog/catalog.ts'
import { ERROR_CODES } from '../src/domain/errors.ts'
import { PLATFORM_LABELS, PLATFORMS } from '../src/domain/platform.ts'
import { openTestStore } from './support/database.ts'
import { importInto } from './support/importing.ts'

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

const RECORD_TYPES = Object.keys(RECORD_SCHEMAS) as RecordType[]

function recordSection(type: RecordType): string {
  const sections = read('import.md').split(/^(?=##)/m)
  return sections.find((each) => each.startsWith(`### ${type}\n`)) ?? ''
}

test.each(RECORD_TYPES)('every member of the record %s is documented, and no other', (type) => {
  const rows = [...recordSection(type).matchAll(/^\| `(\w+)` \| (\w+) \| (.+) \|$/gm)]
  const { type: _, ...members } = RECORD_SCHEMAS[type].shape
  const expected = Object.entries(members).map(([name, schema]) => {
    return [name, schema.safeParse(undefined).success ? 'optional' : 'required']
  })
  expect(rows.map(([, name, need]) => [name, need])).toEqual(expected)
  for (const [index, schema] of Object.values(members).entries()) {
    // A wrong word is answered with those that are right.
    const [issue] = schema.safeParse('wrong').error?.issues ?? []
    const words = /must be one of (.*)/.exec(issue?.message ?? '')?.[1]?.split(', ') ?? []
    for (const word of words) expect(rows[index]?.[3]).toContain(`\`${word}\``)
  }
})

test('the documented examples can be imported, one of each type', async () => {
  const examples = RECORD_TYPES.map((type) => {
    const [, ...more] = recordSection(type).split('```json\n')
    expect(more).toHaveLength(1)
    return JSON.parse(more[0]?.split('\n')[0] ?? '') as { type: string }
  })
  expect(examples.map(({ type }) => type)).toEqual(RECORD_TYPES)
  await using store = await openTestStore()
  const { problems, unknownNames } = await importInto(store.db, examples)
  expect({ problems, unknownNames }).toEqual({ problems: [], unknownNames: [] })
})
