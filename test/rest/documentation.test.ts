import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VENDORS } from '../../src/rest/facades.ts'
import { openTestStore } from '../support/database.ts'
import { importInto } from '../support/importing.ts'
import { openRest } from './opened.ts'

interface Operation {
  parameters?: { name: string }[]
  responses: Record<string, object>
}

function read(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
}

/** The parts of a page below headings of a level, by their titles. */
function sections(text: string, level: number): Map<string, string> {
  const marks = '#'.repeat(level)
  const [, ...parts] = text.split(new RegExp(`^${marks} `, 'm'))
  return new Map(
    parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n'))]),
  )
}

/** The rows of a section's table: what each is about, and whose decision it is. */
function rowsOf(section = ''): { about: string[]; source: string }[] {
  const rows = [...section.matchAll(/^\| (?!What |---)(.+?) \| .+ \| (\w+) \|$/gm)]
  return rows.map(([, what = '', source = '']) => {
    return { about: [...what.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''), source }
  })
}

const document = await openRest().fetch(new Request('http://gateway.test/openapi.json'))
const { paths } = (await document.json()) as { paths: Record<string, Record<string, Operation>> }
const compatibility = sections(read('compatibility.md'), 2)

test('every vendor has its part of the pages, and nobody else', () => {
  const names = VENDORS.map(({ name }) => name)
  expect([...compatibility.keys()]).toEqual(names)
  expect([...sections(read('migrating.md'), 2).keys()]).toEqual(names)
})

describe.each(VENDORS)('$name', ({ name, endpoints, rate, credentials }) => {
  const parts = sections(compatibility.get(name) ?? '', 3)

  test('has a table for every endpoint, and one for what all of them share', () => {
    const titles = endpoints.map(({ route }) => `${route.method.toUpperCase()} ${route.path}`)
    expect([...parts.keys()]).toEqual(['Every endpoint', ...titles])
    for (const part of parts.values()) {
      expect(part.match(/^\| (?!What |---)/gm)?.length).toBe(rowsOf(part).length)
      for (const { source } of rowsOf(part)) expect(source).toMatch(/^(document|choice|deviation)$/)
    }
  })

  test.each(endpoints.map(({ route }) => route))('tells of all of $path', ({ method, path }) => {
    const own = rowsOf(parts.get(`${method.toUpperCase()} ${path}`))
    const told = new Set(own.flatMap(({ about }) => about))
    const shared = rowsOf(parts.get('Every endpoint')).flatMap(({ about }) => about)
    const { parameters = [], responses } = paths[path]?.[method] ?? { responses: {} }
    for (const parameter of parameters) expect([...told]).toContain(parameter.name)
    for (const status of Object.keys(responses)) expect([...told, ...shared]).toContain(status)
  })

  test('has a page beside its code that names its endpoints, its credential and its limit', () => {
    const folder = new URL(`../../src/rest/${name.toLowerCase()}/README.md`, import.meta.url)
    const page = readFileSync(folder, 'utf8')
    for (const { route } of endpoints) {
      expect(page).toContain(`\`${route.method.toUpperCase()} ${route.path}\``)
    }
    for (const scheme of Object.values(credentials)) {
      expect(page).toContain(scheme.type === 'http' ? '`Authorization: Bearer`' : scheme.name)
    }
    expect(page).toContain(rate.variable)
    for (const title of ['Credential', 'Errors', 'Limits']) expect(page).toContain(`## ${title}\n`)
  })

  test('has records for those who move here that can be imported', async () => {
    const section = sections(read('migrating.md'), 2).get(name) ?? ''
    const lines = /```ndjson\n(.*?)```/s.exec(section)?.[1]?.trim().split('\n') ?? []
    await using store = await openTestStore()
    const outcome = await importInto(
      store.db,
      lines.map((line) => JSON.parse(line)),
    )
    expect(lines.length).toBeGreaterThan(1)
    expect([outcome.problems, outcome.unknownNames]).toEqual([[], []])
  })
})
