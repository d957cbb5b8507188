import { readFileSync } from 'node:fs'
import { type Config, ConfigError } from '../config.ts'
import { readTrustedDocuments, type TrustedDocuments } from '../graphql/trusted-documents.ts'

/**
 * The only documents that are run, checked; null where any is. Throws a `ConfigError` for a file that
 * cannot be read, or that holds what could not be run.
 */
export function trustedDocumentsOf({ trustedDocuments, limits }: Config): TrustedDocuments | null {
  if (trustedDocuments === null) return null
  try {
    return readTrustedDocuments(readFileSync(trustedDocuments, 'utf8'), limits.graphql)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`WEIR_TRUSTED_DOCUMENTS: ${trustedDocuments}: ${what}.`)
  }
}
