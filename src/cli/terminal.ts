import type { Environment } from '../config.ts'
import type { NewId, Now } from '../domain/clock.ts'

/** The process and its surroundings, as commands see them. */
export interface Terminal {
  environment: Environment
  /** Standard input, as text. */
  input: AsyncIterable<string>
  /** Writes a line to standard output: what the command was asked for. */
  print(line: string): void
  /** Writes a line to standard error: everything else. */
  report(line: string): void
  /** Replaces the line that standard error ends with; null: it is no terminal. */
  redraw: ((line: string) => void) | null
  now: Now
  newId: NewId
  /** A number from 0 to below 1. */
  random(): number
  /** Resolves when the process is asked to end. */
  untilStopped(): Promise<void>
}
