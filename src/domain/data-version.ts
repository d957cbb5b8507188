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
  /** Follows no more. */
  close(): void
}

/** How long at most a commit of another process may stay unknown here, in milliseconds. */
export const STALE_MS_MAX = 250
