import type { JsonValue } from '../../domain/json.ts'
import { valueAt, wordsOf } from '../json.ts'
import { type Memory, refusedUntil } from '../memory.ts'
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

const SMALLEST = 1

/** The sizes of a page: the largest first, each at most half of the one before. */
const PAGE_SIZES = [50, 25, 12, 6, 3, SMALLEST]

/** Pages that are alike in what they weigh, such as one account's posts with their insights. */
export interface PageKind {
  memory: Memory
  now: Date
  key: string
}

/** Whether not even the smallest page of a kind was answered lately. */
export function isAlwaysTooMuch({ memory, now, key }: PageKind): boolean {
  return memory.knows(sizeKey(key, SMALLEST), now)
}

/**
 * The page in the largest size that is not too much data for the platform. What was too much is
 * not asked for again for a day, but for the smallest. Throws what the call failed with.
 */
export async function largestPage<Page>(
  { memory, now, key }: PageKind,
  ask: (limit: number) => Promise<Page>,
): Promise<Page> {
  const isOpen = (size: number) => size === SMALLEST || !memory.knows(sizeKey(key, size), now)
  let tooMuch: unknown
  for (const size of PAGE_SIZES.filter(isOpen)) {
    try {
      return await ask(size)
    } catch (error) {
      if (!isTooMuchData(error)) throw error
      memory.remember(sizeKey(key, size), refusedUntil(now))
      tooMuch = error
    }
  }
  throw tooMuch
}

function sizeKey(key: string, size: number): string {
  return `${key} by ${size}`
}
