import { LRUCache } from 'lru-cache'
import type { DataVersions } from '../domain/data-version.ts'
import type { Log } from '../domain/log.ts'
import type { Notices } from '../domain/notice.ts'
import type { Db } from './connect.ts'

// Together with the time that a proof takes, less than what is promised.
const PROOF_HOLDS_MS = 100
// Half-way, so that whoever comes later finds the next proof made.
const PROOF_RENEWED_MS = 50
const UNPROVEN_PAUSE_MS = 1000
const WORKSPACES_MAX = 10_000

/** Where versions are read, and what tells that they have moved. */
export interface DataVersionOptions {
  db: Db
  notices: Notices
  /** A clock that nobody sets, in milliseconds. */
  elapsed(): number
  log: Log
}

/**
 * Keeps the versions of the workspaces that are asked for, as notices move them. A version is only
 * told while it is proven that notices arrive.
 */
export function createDataVersions(options: DataVersionOptions): DataVersions {
  const { db, notices, elapsed, log } = options
  const known = createKnownVersions()
  const isProven = createProof(notices, elapsed)
  const read = async (workspaceId: string) =>
    known.learn(workspaceId, () => versionOf(db, workspaceId))
  const stop = notices.watch({
    onNotice: ({ workspaceId, version }) => known.move(workspaceId, version),
    onLost: () => known.turnOff(),
    onBack: () => known.turnOn(),
  })
  // What is read is proven afterwards: notices may go missing while it is read.
  const prove = async (workspaceId: string) => {
    if (!known.isOn()) return null
    if (known.get(workspaceId) === undefined) await read(workspaceId)
    return (await isProven.now()) ? (known.get(workspaceId) ?? null) : null
  }
  return {
    current(workspaceId) {
      const version = known.get(workspaceId)
      return version !== undefined && isProven.lately() ? version : prove(workspaceId)
    },
    read,
    async readWritten(workspaceId) {
      try {
        return await read(workspaceId)
      } catch (error) {
        log.warn({ error, workspaceId }, 'which data a change led to could not be read')
        known.forget(workspaceId)
        return null
      }
    },
    isHeard: known.isOn,
    close: stop,
  }
}

async function versionOf(db: Db, workspaceId: string): Promise<number> {
  const found = await db
    .selectFrom('workspace')
    .select('data_version')
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  return found?.data_version ?? 0
}

/** The versions while notices are heard; none while they are not. */
function createKnownVersions() {
  const versions = new LRUCache<string, number>({ max: WORKSPACES_MAX })
  const reads = new Set<{ workspaceId: string; told: number }>()
  let isOn = true
  // Moves on whenever notices may have been missed: what was read before then is forgotten.
  let era = 0
  return {
    isOn: () => isOn,
    get: (workspaceId: string) => versions.get(workspaceId),
    move(workspaceId: string, version: number) {
      const before = versions.get(workspaceId)
      if (before !== undefined && before < version) versions.set(workspaceId, version)
      for (const read of reads) {
        if (read.workspaceId === workspaceId) read.told = Math.max(read.told, version)
      }
    },
    /** Reads a version; notices that come meanwhile count. */
    async learn(workspaceId: string, read: () => Promise<number>): Promise<number> {
      const own = { workspaceId, told: versions.get(workspaceId) ?? 0 }
      const begun = era
      reads.add(own)
      try {
        const version = Math.max(await read(), own.told)
        // Somebody else may have read a later one meanwhile.
        const latest = Math.max(version, versions.get(workspaceId) ?? 0)
        if (isOn && era === begun) versions.set(workspaceId, latest)
        return version
      } finally {
        reads.delete(own)
      }
    },
    /** Has it read again, as whatever is being read by now is too old. */
    forget(workspaceId: string) {
      era += 1
      versions.delete(workspaceId)
    },
    turnOff() {
      isOn = false
      era += 1
      versions.clear()
    },
    turnOn() {
      isOn = true
    },
  }
}

/** Whether notices are known to arrive: they were a moment ago, or are found to. */
function createProof(notices: Pick<Notices, 'prove'>, elapsed: () => number) {
  let provenAt = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY
  let proving: Promise<boolean> | null = null
  const prove = async () => {
    const begun = elapsed()
    try {
      await notices.prove()
      provenAt = begun
      return true
    } catch {
      failedAt = elapsed()
      return false
    } finally {
      proving = null
    }
  }
  const renew = () => {
    if (elapsed() - failedAt < UNPROVEN_PAUSE_MS) return false
    proving ??= prove()
    return proving
  }
  return {
    /** Whether they were a moment ago; the next proof is begun before this one is over. */
    lately() {
      const age = elapsed() - provenAt
      if (age >= PROOF_RENEWED_MS && age < PROOF_HOLDS_MS) renew()
      return age < PROOF_HOLDS_MS
    },
    now: (): boolean | Promise<boolean> => (elapsed() - provenAt < PROOF_HOLDS_MS ? true : renew()),
  }
}
