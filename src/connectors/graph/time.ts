import type { JsonValue } from '../../domain/json.ts'
import { validDate } from '../failures.ts'
import { wordsOf } from '../json.ts'

/**
 * A time of the Graph API; null for what is none. Its offset is `+0000`, which strict readers of
 * ISO 8601 refuse.
 */
export function graphTime(value: JsonValue | undefined): Date | null {
  const text = wordsOf(value)
  return text === null ? null : validDate(Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
}
