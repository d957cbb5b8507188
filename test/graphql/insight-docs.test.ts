import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const schema = buildSchema(read('schema.graphql'))
const blocks = [...read('docs/insight.md').matchAll(/^```graphql\n([^`]+)```$/gm)]

test.each(blocks.map(([, text = '']) => text))('the documented query is one: %s', (text) => {
  expect(validate(schema, parse(text))).toEqual([])
})
