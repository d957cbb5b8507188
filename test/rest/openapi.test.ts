import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { REST_APIS } from '../../src/rest/facades.ts'
import { openRest } from './opened.ts'

const rest = openRest()
const fetch = (path: string, headers: HeadersInit = {}) =>
  rest.fetch(new Request(`http://gateway.test${path}`, { headers }))

test('the document passes a public linter, its examples included', async () => {
  const rules = {
    'no-invalid-media-type-examples': 'error',
    'no-invalid-schema-examples': 'error',
    'no-invalid-parameter-examples': 'error',
  } as const
  const config = await createConfig({ extends: ['recommended'], rules })
  const problems = await lintFromString({
    source: await (await fetch('/openapi.json')).text(),
    absoluteRef: 'openapi.json',
    config,
  })
  expect(problems.map(({ message, location }) => [message, location[0]?.pointer])).toEqual([])
})

interface Operation {
  responses: Record<string, { content: Record<string, { example?: object; examples?: object }> }>
}

test('it has every endpoint, with an example of every answer', async () => {
  const response = await fetch('/openapi.json')
  const { openapi, paths } = (await response.json()) as {
    openapi: string
    paths: Record<string, Record<string, Operation>>
  }
  expect(openapi).toBe('3.1.0')
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  )
  const routes = REST_APIS.flatMap(({ endpoints }) => endpoints.map(({ route }) => route))
  expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
  const operations = Object.values(paths).flatMap((each) => Object.values(each))
  const answers = operations.flatMap(({ responses }) => Object.values(responses))
  for (const { example, examples } of answers.flatMap(({ content }) => Object.values(content))) {
    expect(example ?? Object.values(examples ?? {})[0]).toBeDefined()
  }
  for (const { content } of answers) expect(Object.keys(content)).not.toEqual([])
})

test('it needs no key, and is not sent again to whoever has it', async () => {
  const first = await fetch('/openapi.json')
  const etag = first.headers.get('etag') ?? ''
  expect(first.headers.get('content-type')).toBe('application/json')
  expect((await fetch('/openapi.json', { 'if-none-match': etag })).status).toBe(304)
})

test('the page and all that it loads come from here', async () => {
  const page = await fetch('/docs')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  const html = await page.text()
  const loaded = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path]) => path ?? '')
  expect(loaded).toHaveLength(4)
  for (const path of loaded) {
    expect(path).toMatch(/^\/docs\//)
    const { status, headers } = await fetch(path)
    expect([path, status, headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff'])
  }
  const start = await (await fetch('/docs/start.js')).text()
  expect(start).toContain("url: '/openapi.json'")
  expect(start).toContain('validatorUrl: null')
  expect((await fetch('/docs/')).headers.get('location')).toBe('/docs')
})

test.each(['/docs/package.json', '/docs/../package.json', '/docs/%2e%2e/package.json'])(
  'nothing else is served: %s',
  async (path) => {
    expect((await fetch(path)).status).toBe(404)
  },
)

test('no two vendors share a prefix, a variable or the name of an operation', () => {
  const operations = REST_APIS.flatMap(({ endpoints }) =>
    endpoints.map(({ route }) => route.operationId),
  )
  for (const names of [
    REST_APIS.map(({ prefix }) => prefix),
    REST_APIS.map(({ rate }) => rate.variable),
    operations,
  ]) {
    expect(new Set(names).size).toBe(names.length)
    expect(names).not.toContain(undefined)
  }
})
