import type { JsonObject } from '../domain/json.ts'
import type { BrokenLine, Problem } from './import-lines.ts'
import { type NumbersOf, type UnknownName, unknownNames, wrongNumbers } from './import-numbers.ts'
import { refer } from './import-plan.ts'
import { RECORD_SCHEMAS, REFERENCES } from './import-record.ts'
import type { IsThere } from './import-stored.ts'

/** What the readable part of a wrong line is checked against. */
export interface Surroundings {
  isThere: IsThere
  /** What a snapshot's numbers are of; null when that is not known either. */
  measured(accountId: unknown, publicationId: unknown): NumbersOf | null
}

/** What else there is to say of wrong lines. */
export interface BrokenFindings {
  problems: Problem[]
  unknownNames: UnknownName[]
}

/**
 * What else is wrong with lines that have problems already, so that whoever corrects them learns of
 * everything at once: references to what is nowhere, numbers that cannot be, and unknown names.
 */
export function checkBroken(
  broken: readonly BrokenLine[],
  { isThere, measured }: Surroundings,
): BrokenFindings {
  const found: BrokenFindings = { problems: [], unknownNames: [] }
  const { problems } = found
  for (const { line, type, members } of broken) {
    const { shape } = RECORD_SCHEMAS[type]
    for (const [member, referred] of REFERENCES) {
      const id = member in shape ? members[member] : null
      if (typeof id === 'string') refer({ isThere, problems }, { line, member, type: referred, id })
    }
    const of =
      type === 'snapshot' ? measured(members['account_id'], members['publication_id']) : null
    if (of === null) continue
    const numbers = members['metrics'] as JsonObject
    problems.push(...wrongNumbers(line, numbers, of))
    found.unknownNames.push(...unknownNames(line, numbers, of))
  }
  return found
}
