import type { JsonObject } from '../domain/json.ts'
import type { BrokenLine, Problem } from './import-lines.ts'
import { type NumbersOf, wrongNumbers } from './import-numbers.ts'
import { refer } from './import-plan.ts'
import { RECORD_SCHEMAS, REFERENCES } from './import-record.ts'
import type { IsThere } from './import-stored.ts'

/** What the readable part of a wrong line is checked against. */
export interface Surroundings {
  isThere: IsThere
  /** What a snapshot's numbers are of; null when that is not known either. */
  measured(accountId: unknown, publicationId: unknown): NumbersOf | null
}

/**
 * What else is wrong with lines that have problems already, so that whoever corrects them learns of
 * everything at once: references to what is nowhere, and numbers that cannot be.
 */
export function problemsOfBroken(
  broken: readonly BrokenLine[],
  { isThere, measured }: Surroundings,
): Problem[] {
  const problems: Problem[] = []
  for (const { line, type, members } of broken) {
    const { shape } = RECORD_SCHEMAS[type]
    for (const [member, referred] of REFERENCES) {
      const id = member in shape ? members[member] : null
      if (typeof id === 'string') refer({ isThere, problems }, { line, member, type: referred, id })
    }
    const of =
      type === 'snapshot' ? measured(members['account_id'], members['publication_id']) : null
    if (of) problems.push(...wrongNumbers(line, members['metrics'] as JsonObject, of))
  }
  return problems
}
