import type { FailureKind } from '../../domain/connector.ts'
import { type Dialect, GraphError, type Refusal } from '../graph/errors.ts'

/** The platform's name in messages. */
export const LABEL = 'Instagram'

/** What the Graph API says of Instagram alone, on the hosts of both logins. */
export const INSTAGRAM_DIALECT: Dialect = { label: LABEL, kindOf }

/** Whether a media is older than its account's turn to a professional one: it has no insights. */
export function isOlderThanConversion(error: unknown): boolean {
  return error instanceof GraphError && error.code === 100 && error.subcode === OLDER
}

/** Whether a story was seen by too few people for insights, which is no lack of permission. */
export function isTooFewViewers(error: unknown): boolean {
  return error instanceof GraphError && error.code === 10 && TOO_FEW.test(error.said)
}

/**
 * Whether an answer about the account itself, or its token, is what a token gets of the API that was
 * shut down in 2024: only a new login helps. About a media it says that this one cannot be shown.
 */
export function isOldToken(error: unknown): error is GraphError {
  return (
    error instanceof GraphError &&
    error.code === 100 &&
    error.subcode !== 33 &&
    /^Unsupported request/i.test(error.said)
  )
}

const OLDER = 2_108_006
const TOO_FEW = /not enough viewers/i
const GONE = [110, 9009]

function kindOf({ code, subcode, said }: Refusal): FailureKind | null {
  if (code === 10 && TOO_FEW.test(said)) return 'unsupported'
  if (GONE.includes(code)) return 'gone'
  return code === 100 && subcode === OLDER ? 'unsupported' : null
}
