import { ACCESS_CASES } from './access.ts'
import { ANSWER_CASES } from './answers.ts'
import type { FaultCase } from './case.ts'
import { CONTENT_CASES } from './content.ts'

/** Every fault of the matrix, in the order in which they are documented. */
export const CASES: readonly FaultCase[] = [...ACCESS_CASES, ...ANSWER_CASES, ...CONTENT_CASES]
