/** A tenant: every other row belongs to one. */
export interface Workspace {
  id: string
  name: string
  /** Hours between two refreshes that people ask for; null: the configured default; 0: none. */
  refreshCooldownHours: number | null
  /** Refreshes that people may ask for in a calendar month; null: the configured default. */
  refreshMonthlyQuota: number | null
  /** Moves with every committed change of the workspace's data. */
  dataVersion: number
}
