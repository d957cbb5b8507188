import { createReadStream } from 'node:fs'
import { createTokenCipher } from '../auth/tokens.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { REFRESH_LIMITS } from '../refresh/dependencies.ts'
import { openMigrated } from './database.ts'
import { linesOf, parseLines } from './import-lines.ts'
import { type ImportCounts, importRecords } from './import-records.ts'
import { secretKeyOf } from './secret-key.ts'
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
  const parsed = await parseLines(linesOf(openInput(terminal, file)))
  const store = await openMigrated(config)
  try {
    const { counts, problems } = await importRecords(store.db, parsed, {
      now: terminal.now(),
      newId: terminal.newId,
      cipher: createTokenCipher(secretKeyOf(config)),
      staleAfterSeconds: config.staleAfterSeconds ?? REFRESH_LIMITS.staleAfterSeconds,
      replace,
    })
    for (const { line, member, problem } of problems) {
      terminal.report(`${file}:${line}: ${member}: ${problem}`)
    }
    terminal.report(counts === null ? refusal(problems.length) : summary(counts))
    return counts === null ? 1 : 0
  } finally {
    await store.close()
  }
}

function openInput(terminal: Terminal, file: string): AsyncIterable<string> {
  return file === '-' ? terminal.input : readLinesOf(file)
}

async function* readLinesOf(file: string): AsyncIterable<string> {
  try {
    yield* createReadStream(file, 'utf8') as AsyncIterable<string>
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('BAD_USER_INPUT', `${file} cannot be read: ${reason}`)
  }
}

function refusal(problems: number): string {
  return `Nothing was stored: ${problems} ${problems === 1 ? 'problem' : 'problems'}.`
}

function summary(counts: ImportCounts): string {
  const parts = Object.entries(counts).map(
    ([type, { stored }]) => `${stored} ${plural(type, stored)}`,
  )
  const skipped = Object.values(counts).reduce((sum, count) => sum + count.skipped, 0)
  const exist = skipped === 1 ? 'record exists' : 'records exist'
  return `Stored ${parts.join(', ')}. ${skipped} ${exist} already and stayed as they were.`
}

function plural(type: string, count: number): string {
  return count === 1 ? type : `${type}s`
}
