import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acceptedFormat,
  type Cell,
  type Column,
  createWriter,
  takesGzip,
} from '../../../src/rest/export/formats.ts'
import { createInstantText } from '../../../src/rest/export/instants.ts'
import { ndjsonRecords, parseCsv } from './exporting.ts'

const COLUMNS: Column<Cell[]>[] = [0, 1, 2].map((index) => ({
  name: `c${index}`,
  cell: (row) => row[index] ?? null,
}))
const at = () => null
const csv = (rows: Cell[][]) => createWriter('csv', COLUMNS, { at, bom: false }).lines(rows)

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[=+\-@\t\r\n'",; a]*$/),
  fc.constantFrom('=1+1', '+1', '-1', '@a', '\t=1', '\r=1', '\n=1', '＝1', '', '"', "'=1"),
)
const DANGEROUS = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

describe('a CSV', () => {
  test('is read back as it was, but for an apostrophe before what might be a formula', () => {
    const rows = fc.array(fc.tuple(texts, fc.option(fc.nat()), texts), { minLength: 1 })
    const property = fc.property(rows, (given) => {
      const expected = given.map((row) =>
        row.map((cell) => (DANGEROUS.test(String(cell)) ? `'${cell}` : String(cell ?? ''))),
      )
      expect(parseCsv(csv(given))).toEqual(expected)
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('has no cell that a spreadsheet would compute', () => {
    const property = fc.property(fc.array(fc.tuple(texts, texts, texts)), (rows) => {
      for (const cell of parseCsv(csv(rows)).flat()) expect(cell).not.toMatch(DANGEROUS)
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('leaves numbers as they are, and unknown ones empty', () => {
    expect(
      csv([
        [0, null, 2 ** 53 - 1],
        [1.5, 1e-7, ['One.', 'Two.']],
      ]),
    ).toBe('0,,9007199254740991\r\n1.5,1e-7,"One.\nTwo."\r\n')
  })

  test('begins with the names of its columns, and with a mark where one is asked for', () => {
    const { head } = createWriter('csv', COLUMNS, { at, bom: false })
    expect(head).toBe('c0,c1,c2\r\n')
    expect(createWriter('csv', COLUMNS, { at, bom: true }).head).toBe(`\uFEFF${head}`)
    expect(createWriter('ndjson', COLUMNS, { at, bom: true }).head).toBe('')
  })
})

test('an NDJSON is read back as it was, line by line', () => {
  const { lines } = createWriter('ndjson', COLUMNS, { at, bom: false })
  const cells = fc.oneof(texts, fc.constant(null), fc.nat(), fc.array(texts))
  const property = fc.property(fc.array(fc.tuple(cells, cells, cells)), (rows) => {
    const expected = rows.map(([c0, c1, c2]) => ({ c0, c1, c2 }))
    expect(ndjsonRecords(lines(rows))).toEqual(expected)
  })
  fc.assert(property, { numRuns: 200 })
})

test.each([
  [undefined, 'csv'],
  ['*/*', 'csv'],
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
  ['application/jsonl;q=0.5, text/csv;q=0.4', 'ndjson'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'csv'],
  ['application/json', null],
  ['text/csv;q=0', null],
  ['text/csv;q=0, */*', 'ndjson'],
])('who accepts %s gets %s', (accept, format) => {
  expect(acceptedFormat(accept)).toBe(format)
})

test.each([
  [undefined, false],
  ['gzip, deflate, br', true],
  ['br;q=1.0, gzip;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip;q=0, *', false],
  ['*', true],
  ['identity', false],
])('the encoding %s is compressed: %s', (encoding, isCompressed) => {
  expect(takesGzip(encoding)).toBe(isCompressed)
})

describe('an instant', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kathmandu',
    ...[...['Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns', 'Europe/London']],
  )

  test('is the same whatever the zone, and shows the zone’s clock', () => {
    const dates = fc.date({ min: new Date('1975Z'), max: new Date('2100Z'), noInvalidDate: true })
    const property = fc.property(dates, zones, (date, timeZone) => {
      const text = createInstantText(timeZone)(date)
      expect(new Date(text)).toEqual(date)
      const clock = new Intl.DateTimeFormat('sv-SE', {
        ...{ timeZone, dateStyle: 'short', timeStyle: 'medium' },
      }).format(date)
      expect(text.slice(0, 19)).toBe(clock.replace(' ', 'T'))
    })
    fc.assert(property, { numRuns: 500 })
  })

  test.each([
    ['2026-03-29T00:59:59.999Z', 'Europe/Berlin', '2026-03-29T01:59:59.999+01:00'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29T03:00:00.000+02:00'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+02:00'],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+01:00'],
    ['2026-06-29T09:00:00.089Z', 'UTC', '2026-06-29T09:00:00.089Z'],
    ['2026-01-01T12:00:00.000Z', 'America/St_Johns', '2026-01-01T08:30:00.000-03:30'],
  ])('%s prints in %s as %s', (instant, timeZone, text) => {
    expect(createInstantText(timeZone)(new Date(instant))).toBe(text)
  })
})
