import type { JsonValue } from '../../domain/json.ts'
import { valueAt, wordsOf } from '../json.ts'
import { isTooMuchData } from './errors.ts'

/**
 * The cursor of the page behind this one; null on the last. The link to the next page holds the
 * token and is never followed: that there is one counts, and the cursor in it where an empty page
 * has no other.
 */
export function nextCursor(body: JsonValue): string | null {
  const next = wordsOf(valueAt(body, 'paging.next'))
  if (next === null) return null
  const after = URL.parse(next)?.searchParams.get('after')
  return wordsOf(valueAt(body, 'paging.cursors.after')) ?? wordsOf(after ?? null)
}

/** The page in the largest of these sizes that is not too much data for the platform. */
export async function largestPage<Page>(
  sizes: readonly number[],
  ask: (limit: number) => Promise<Page>,
): Promise<Page> {
  for (const limit of sizes.slice(0, -1)) {
    try {
      return await ask(limit)
    } catch (error) {
      if (!isTooMuchData(error)) throw error
    }
  }
  return ask(sizes.at(-1) ?? 1)
}
