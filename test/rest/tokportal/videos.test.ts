import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Gateway } from '../../support/gateway.ts'
import { accountPath, ask, byFormula, EXAMPLE_RECORDS, startFilled, video } from './documented.ts'

const PATH = accountPath('/videos')
const WHOLE = 'must be a whole number from 1 to'

interface Page {
  data: ({ id: string } & Record<string, number>)[]
  pagination: { page: number; per_page: number; total: number; total_pages: number }
}

async function read(gateway: Gateway, query: Record<string, string>): Promise<Page> {
  const { status, body } = await ask(gateway, `${PATH}?${new URLSearchParams(query)}`)
  expect([status, body]).toMatchObject([200, {}])
  return body as Page
}

test('the page is the one that the document prints, the rates by its formula', async () => {
  await using gateway = await startFilled()
  const query = { sort_by: 'views', sort_order: 'desc', page: '1', per_page: '10' }
  const page = await read(gateway, query)
  expect(page.data).toHaveLength(10)
  const shown = { ...page, data: page.data.slice(0, 2) }
  expect(JSON.stringify(shown)).toBe(JSON.stringify(byFormula('videos')))
})

test('without parameters the newest uploads come first, twenty on a page', async () => {
  await using gateway = await startFilled()
  const { data, pagination } = await read(gateway, {})
  const dates = data.map(({ upload_date }) => String(upload_date))
  expect(dates).toEqual(dates.toSorted().toReversed())
  expect(pagination).toEqual({ page: 1, per_page: 20, total: 15, total_pages: 1 })
})

test.each([
  ...['views', 'likes', 'engagement_rate', 'upload_date'].flatMap((by) => [
    [by, 'asc'] as const,
    [by, 'desc'] as const,
  ]),
])('the pages sorted by %s %s hold every video once, in order', async (sort_by, sort_order) => {
  await using gateway = await startFilled()
  const pages: Page[] = []
  for (const page of ['1', '2', '3', '4']) {
    pages.push(await read(gateway, { sort_by, sort_order, page, per_page: '4' }))
  }
  const all = pages.flatMap(({ data }) => data)
  expect(new Set(all.map(({ id }) => id)).size).toBe(15)
  const keys = all.map((each) => each[sort_by] ?? 0)
  const sign = sort_order === 'asc' ? 1 : -1
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1] ?? key
    expect(key === before ? 0 : key > before ? 1 : -1).not.toBe(-sign)
  }
})

test('a page past the end is empty, with the true totals', async () => {
  await using gateway = await startFilled()
  for (const page of ['16', '2147483647']) {
    expect(await read(gateway, { page, per_page: '1' })).toEqual({
      data: [],
      pagination: { page: Number(page), per_page: 1, total: 15, total_pages: 15 },
    })
  }
})

test('an account without videos has no page', async () => {
  await using gateway = await startFilled(EXAMPLE_RECORDS.slice(0, 2))
  const { data, pagination } = await read(gateway, { per_page: '100' })
  expect([data, pagination]).toEqual([[], { page: 1, per_page: 100, total: 0, total_pages: 0 }])
})

const BAD = [
  ...['', 'VIEWS', 'comments', 'uploadDate', 'views,likes'].map(
    (value) =>
      ['sort_by', value, 'must be one of views, likes, engagement_rate, upload_date'] as const,
  ),
  ...['', 'DESC', 'descending', '-1'].map(
    (value) => ['sort_order', value, 'must be one of asc, desc'] as const,
  ),
  ...['', '0', '-1', '1.5', 'one', '2147483648', '9'.repeat(30)].map(
    (value) => ['page', value, `${WHOLE} 2147483647`] as const,
  ),
  ...['', '0', '-1', '1e1', ' 1', '0x10', '101'].map(
    (value) => ['per_page', value, `${WHOLE} 100`] as const,
  ),
]

test('a bad value is refused by the name of its parameter', async () => {
  await using gateway = await startFilled()
  for (const [field, value, message] of BAD) {
    const query = new URLSearchParams({ [field]: value })
    const { status, body } = await ask(gateway, `${PATH}?${query}`)
    const error = { code: 'VALIDATION_ERROR', message: `${field} ${message}.`, details: { field } }
    expect([field, value, status, body]).toEqual([field, value, 400, { error }])
  }
  const twice = await ask(gateway, `${PATH}?page=1&page=2`)
  expect(twice).toMatchObject({ status: 400, body: { error: { details: { field: 'page' } } } })
})

test('a hundred videos cost as many statements as one', async () => {
  const ids = Array.from({ length: 85 }, (_, index) => `more_${index}`)
  const more = ids.flatMap((id) => video(id, { view_count: 1 }))
  await using gateway = await startFilled([...EXAMPLE_RECORDS, ...more])
  const counts: number[] = []
  for (const per_page of ['1', '100']) {
    expect((await read(gateway, { per_page })).data).toHaveLength(Number(per_page))
    counts.push(gateway.statements.length)
  }
  // The account, its videos, and their number.
  expect(counts).toEqual([3, 3])
})

const NAMES = ['sort_by', 'sort_order', 'page', 'per_page']
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer().map(String),
  fc.constantFrom('views', 'likes', 'engagement_rate', 'upload_date', 'asc', 'desc', '1', '100'),
  fc.constantFrom('%', '%00', '%zz', '\0', '[]', '__proto__', 'constructor'),
)
const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value), {
  maxLength: 5,
})
const id = fc.oneof(fc.constant(null), fc.string({ unit: 'binary', minLength: 1 }))

test('no path and no query is answered with anything but JSON in the envelope', async () => {
  const environment = { WEIR_RATE_TOKPORTAL_PER_MINUTE: '1000000' }
  await using gateway = await startFilled(EXAMPLE_RECORDS, { environment })
  const check = async (given: [string, string][], name: string | null, isRaw: boolean) => {
    const text = isRaw
      ? given.map((pair) => pair.join('=')).join('&')
      : `${new URLSearchParams(given.map(([each, it]) => [each, it.toWellFormed()]))}`
    const path =
      name === null ? PATH : accountPath('/videos', encodeURIComponent(name.toWellFormed()))
    const { status, body } = await ask(gateway, `${path}?${text}`)
    expect([200, 400, 404]).toContain(status)
    expect(Object.keys(body as object)).toEqual(status === 200 ? ['data', 'pagination'] : ['error'])
  }
  await fc.assert(fc.asyncProperty(query, id, fc.boolean(), check), { numRuns: 300 })
}, 60_000)
