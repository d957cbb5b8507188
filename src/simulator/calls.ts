import type { Platform } from '../domain/platform.ts'

/** The newest calls that the log remembers. */
const CALLS_MAX = 100_000

/** One request that reached a platform. Holds no token. */
export interface CallRecord {
  at: Date
  platform: Platform
  method: string
  /** Below the platform's base URL, without the query. */
  path: string
  /** The ids that the request names, in its order. */
  ids: string[]
  /** The platform's id of the account whose token it carries; null without a known token. */
  accountId: string | null
  /** Null while unanswered, and for a connection that broke. */
  status: number | null
}

/** Which calls are meant; what is left out matches all. A string is the whole path. */
export interface CallFilter {
  platform?: Platform
  path?: string | RegExp
  accountId?: string
}

/** What the platforms were asked. */
export interface CallLog {
  add(call: CallRecord): void
  list(filter?: CallFilter): CallRecord[]
  count(filter?: CallFilter): number
  /** Every id that was asked for, in order, as often as it was. */
  ids(filter?: CallFilter): string[]
  clear(): void
}

/** A log of the newest 100,000 calls. */
export function createCallLog(): CallLog {
  const calls: CallRecord[] = []
  const list = (filter: CallFilter = {}) => calls.filter((call) => matches(call, filter))
  return {
    add(call) {
      calls.push(call)
      if (calls.length > CALLS_MAX) calls.shift()
    },
    list,
    count: (filter) => list(filter).length,
    ids: (filter) => list(filter).flatMap((call) => call.ids),
    clear: () => void calls.splice(0),
  }
}

function matches(call: CallRecord, { platform, path, accountId }: CallFilter): boolean {
  if (platform !== undefined && call.platform !== platform) return false
  if (accountId !== undefined && call.accountId !== accountId) return false
  if (path === undefined) return true
  return typeof path === 'string' ? path === call.path : path.test(call.path)
}
