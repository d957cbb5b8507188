import type { Principal } from '../auth/principal.ts'
import type { Now } from '../domain/clock.ts'
import type { Loaders } from '../loaders/loaders.ts'
import type { Allowance } from '../refresh/allowance.ts'
import type { Commands } from '../refresh/commands.ts'
import type { RefreshSteps } from '../refresh/steps.ts'
import type { AnswerTime } from './answer-time.ts'

/** The most that one field may answer with. */
export interface QueryLimits {
  /** Points of one history. */
  historyPointsMax: number
  /** Hours before an instant within which a reading tells what numbers were then. */
  readingAgeMaxHours: number
  /** Groups of one overview, those of earlier windows included. */
  overviewGroupsMax: number
}

/** What resolvers see of a request. */
export interface Context {
  principal: Principal
  /** Whether the request's key is still good, which whoever follows for long may outlive. */
  isKeyGood(): Promise<boolean>
  loaders: Loaders
  commands: Commands
  refreshSteps: RefreshSteps
  /** When the request or the event came: one answer is stale or fresh as of one instant. */
  time: AnswerTime
  clock: Now
  limits: QueryLimits
  /** What workspaces allow people that have no settings of their own. */
  allowance: Allowance
}
