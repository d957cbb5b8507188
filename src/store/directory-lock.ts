import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../domain/errors.ts'

/** A process, told apart from a later one that got the same id by when it started. */
interface Holder {
  pid: number
  /** The machine's own words for the start, or an empty text where it does not say. */
  startedAt: string
}

/**
 * Keeps other processes out of the embedded database's folder: `database.pid` names the holder.
 * A holder that no longer runs is replaced, so a killed process leaves no lasting lock. Answers
 * how to give the folder free. Throws `BAD_USER_INPUT`, naming the holder, when it runs.
 */
export function lockDirectory(folder: string): () => void {
  const path = join(folder, 'database.pid')
  const self: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? '' }
  while (!tryToHold(path, self)) {
    const holder = readHolder(path)
    if (holder !== null && isRunning(holder, self)) throw inUse(folder, holder)
    discard(path, holder, self)
  }
  return () => release(path, self)
}

// Linking puts the complete file there at once, or fails when there is one.
function tryToHold(path: string, self: Holder): boolean {
  const draft = `${path}.${self.pid}`
  writeFileSync(draft, `${self.pid}\n${self.startedAt}\n`)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

// Two processes may find the same dead holder: the slower one must not remove the quicker one's
// lock, so what was there is moved aside, looked at again, and put back when it is not the dead.
function discard(path: string, dead: Holder | null, self: Holder): void {
  const aside = `${path}.${self.pid}.dead`
  try {
    renameSync(path, aside)
    const moved = readHolder(aside)
    if (moved !== null && (dead === null || !isSame(moved, dead))) linkSync(aside, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function readHolder(path: string): Holder | null {
  try {
    const [pid, startedAt = ''] = readFileSync(path, 'utf8').split('\n')
    return Number(pid) > 0 ? { pid: Number(pid), startedAt } : null
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function isRunning(holder: Holder, self: Holder): boolean {
  // A restarted container gives its process the same id again.
  if (holder.pid === self.pid) return holder.startedAt !== '' && isSame(holder, self)
  if (!isAlive(holder.pid)) return false
  const startedAt = startOf(holder.pid)
  return startedAt !== null && (holder.startedAt === '' || startedAt === holder.startedAt)
}

function isSame(left: Holder, right: Holder): boolean {
  return left.pid === right.pid && left.startedAt === right.startedAt
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** When a process started; empty where the machine does not say, null when it has ended. */
function startOf(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (stat === null) return readIfThere('/proc/self/stat') === null ? '' : null
  // The command before the last parenthesis may itself hold spaces; state is the field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z') return null
  return `${readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? ''} ${fields[19] ?? ''}`
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function release(path: string, self: Holder): void {
  const holder = readHolder(path)
  if (holder !== null && isSame(holder, self)) rmSync(path, { force: true })
}

function inUse(folder: string, holder: Holder): AppError {
  return new AppError(
    'BAD_USER_INPUT',
    `The embedded database in ${folder} is open in process ${holder.pid}. It serves one process ` +
      'at a time: stop that process first, or use a PostgreSQL server (DATABASE_URL).',
  )
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
