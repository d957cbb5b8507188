import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codegen } from '@graphql-codegen/core'
import * as typedDocuments from '@graphql-codegen/typed-document-node'
import * as operations from '@graphql-codegen/typescript-operations'
import { parse, printSchema } from 'graphql'
import { renderMetricReference } from './src/domain/catalog/reference.ts'
import { schema } from './src/graphql/schema.ts'
import { renderCallReference } from './test/calls/figures.ts'
import { renderFaultReference } from './test/faults/reference.ts'

const ROOT = import.meta.dirname
const DOCUMENTS = 'test/graphql/documents'

// What Node may run as it is: types that vanish, and no enums.
const CONFIG = {
  useTypeImports: true,
  enumsAsTypes: true,
  dedupeFragments: true,
  scalars: { Count: 'number', DateTime: 'string', JSON: 'unknown', URL: 'string' },
}

/** The generated files: their paths, and what the code says they hold. */
async function generatedFiles(): Promise<Record<string, string>> {
  return {
    'schema.graphql': `${printSchema(schema)}\n`,
    'docs/calls.md': renderCallReference(),
    'docs/faults.md': renderFaultReference(),
    'docs/metrics.md': renderMetricReference(),
    'test/generated/documents.ts': await typedDocumentsOf(),
  }
}

function typedDocumentsOf(): Promise<string> {
  const names = readdirSync(join(ROOT, DOCUMENTS)).filter((name) => name.endsWith('.graphql'))
  return codegen({
    filename: 'documents.ts',
    schema: parse(printSchema(schema)),
    documents: names.sort().map((name) => ({
      location: join(DOCUMENTS, name),
      document: parse(readFileSync(join(ROOT, DOCUMENTS, name), 'utf8')),
    })),
    plugins: [{ operations: {} }, { typedDocuments: {} }],
    pluginMap: { operations, typedDocuments },
    config: CONFIG,
  })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), text)
}

function hasDrifted(path: string, text: string): boolean {
  try {
    return readFileSync(join(ROOT, path), 'utf8') !== text
  } catch {
    return true
  }
}

const files = Object.entries(await generatedFiles())
if (process.argv.includes('--check')) {
  const drifted = files.filter(([path, text]) => hasDrifted(path, text))
  for (const [path] of drifted) {
    console.error(`${path}: is not what the code says. Run npm run codegen.`)
  }
  process.exitCode = drifted.length === 0 ? 0 : 1
} else {
  for (const [path, text] of files) write(path, text)
}
