import type { Platform } from './platform.ts'

/** The refreshes of one platform that wait for a worker, or are in the hands of one. */
export interface QueueFigures {
  platform: Platform
  /** Those that could start now. */
  ready: number
  /** Those that wait for a time: a platform's limit, or another try. */
  deferred: number
  active: number
  /** How long the oldest of the ready ones could have started already. */
  oldestReadySeconds: number
}

/** What our application has used of a platform's limits, all workspaces together. */
export interface BudgetFigures {
  platform: Platform
  /** Calls on the platform's day. */
  calls: number
  /** What the application may use; null: nobody knows. */
  limit: number | null
  used: number | null
  /** Accounts that may make no more calls until a time that is known. */
  accountsHeld: number
}

/** What the database knows of the work of all processes together. */
export interface DatabaseFigures {
  queues: QueueFigures[]
  budgets: BudgetFigures[]
}

/** The connections that a process holds to its database. */
export interface ConnectionFigures {
  max: number
  inUse: number
  idle: number
  /** Statements that wait for one. */
  waiting: number
}
