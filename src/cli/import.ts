import { createReadStream } from 'node:fs'
import { readConfig } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { REFRESH_LIMITS } from '../refresh/dependencies.ts'
import { openMigrated } from './database.ts'
import { linesOf, type ParsedFile, parseLines } from './import-lines.ts'
import { importRecords } from './import-records.ts'
import { reportOf } from './import-report.ts'
import { tokenCipherOf } from './secret-key.ts'
import type { Terminal } from './terminal.ts'

/** What `weir import` is told beside the file. */
export interface ImportOptions {
  /** Whether records overwrite rows with the same id. */
  replace: boolean
}

/**
 * Stores a file's records in one transaction, or reports every problem as `FILE:LINE: field: what
 * is wrong` and stores nothing. `-` is standard input. Answers the exit code.
 */
export async function importFile(
  terminal: Terminal,
  file: string,
  { replace }: ImportOptions,
): Promise<number> {
  const config = readConfig(terminal.environment)
  const now = terminal.now()
  const parsed = await parseLines(linesOf(openInput(terminal, file)), now)
  if (isEmpty(parsed)) {
    terminal.report(`${file} holds no records, so there is nothing to store.`)
    return 0
  }
  const store = await openMigrated(config)
  try {
    const outcome = await importRecords(store.db, parsed, {
      ...{ now, replace, newId: terminal.newId },
      cipher: tokenCipherOf(config),
      staleAfterSeconds: config.staleAfterSeconds ?? REFRESH_LIMITS.staleAfterSeconds,
    })
    for (const line of reportOf(file, outcome)) terminal.report(line)
    return outcome.counts === null ? 1 : 0
  } finally {
    await store.close()
  }
}

function isEmpty({ records, problems }: ParsedFile): boolean {
  return problems.length === 0 && Object.values(records).every((list) => list.length === 0)
}

function openInput(terminal: Terminal, file: string): AsyncIterable<string> {
  return file === '-' ? terminal.input : readLinesOf(file)
}

async function* readLinesOf(file: string): AsyncIterable<string> {
  try {
    yield* createReadStream(file, 'utf8') as AsyncIterable<string>
  } catch (error) {
    throw new AppError('BAD_USER_INPUT', `${file} cannot be read: ${reasonOf(error)}`)
  }
}

// The system's own words name the file and the call once more.
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [, reason] = /^E[A-Z]+: ([^,]+),/.exec(message) ?? []
  return `${reason ?? message}.`
}
