import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trustedDocumentsOf } from '../../src/cli/trusted-documents.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { temporaryFolder } from '../support/weir.ts'

function fileOf(text: string): string {
  const path = join(temporaryFolder(), 'documents.json')
  writeFileSync(path, text)
  return path
}

const read = (path: string) => trustedDocumentsOf(readConfig({ WEIR_TRUSTED_DOCUMENTS: path }))

test('any document is run unless a file names those that are', () => {
  expect(trustedDocumentsOf(readConfig({}))).toBeNull()
  const query = '{ workspace { id } }'
  expect(read(fileOf(JSON.stringify({ a: query })))).toEqual(new Map([['a', query]]))
})

test.each([
  [() => '/nowhere/documents.json', /^WEIR_TRUSTED_DOCUMENTS: \/nowhere\/documents\.json: ENOENT/],
  [
    () => fileOf('{ "a": "{ no }" }'),
    /documents\.json: has a document that cannot be run, a: Cannot/,
  ],
  [() => fileOf('none'), /documents\.json: holds no JSON object of documents by their hashes\.$/],
])('a file that is no good stops the start with a line that names it', (path, message) => {
  expect(() => read(path())).toThrow(ConfigError)
  expect(() => read(path())).toThrow(message)
})
