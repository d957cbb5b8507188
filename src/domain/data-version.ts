/**
 * How often a workspace's data has changed, as far as this process knows. What was read from the
 * database after it was told holds at least everything up to it.
 */
export interface DataVersions {
  /**
   * The version that the latest commit led to, but for commits of the last `STALE_MS_MAX`
   * elsewhere. Null: what others commit is not heard at present, so nobody can say.
   */
  current(workspaceId: string): number | null | Promise<number | null>
  /** The version as the database has it: what this process has committed counts. */
  read(workspaceId: string): Promise<number>
  /**
   * The version for the answer to whoever has written. Null: the database does not say, which takes
   * nothing back of what was written; nobody is told an earlier version from then on.
   */
  readWritten(workspaceId: string): Promise<number | null>
  /** Whether commits of others are heard of, as far as is known. */
  isHeard(): boolean
  /** Follows no more. */
  close(): void
}

/** How long at most a commit of another process may stay unknown here, in milliseconds. */
export const STALE_MS_MAX = 250

/** Tells which data an answer holds; of a request, that its answer may hold nothing older. */
export const VERSION_HEADER = 'weir-version'

/** The data that a request is answered from. */
export interface DataVersion {
  /** All changes up to it are in the answer, and later ones may be. */
  at: number
  /** Whether answers that were made of it may be given to others, and to this request. */
  isHeard: boolean
}

/**
 * The data version for a request that takes nothing older than `atLeast`, which is what it says in
 * `VERSION_HEADER`. Throws when the database has to be asked, and does not answer.
 */
export async function versionFor(
  versions: DataVersions,
  workspaceId: string,
  atLeast: string | undefined,
): Promise<DataVersion> {
  const current = await versions.current(workspaceId)
  const least = /^\d{1,15}$/.test(atLeast ?? '') ? Number(atLeast) : 0
  if (current !== null && current >= least) return { at: current, isHeard: true }
  return { at: await versions.read(workspaceId), isHeard: current !== null }
}
