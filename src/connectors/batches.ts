import {
  ConnectorError,
  type Failure,
  type PublicationOutcome,
  type PublicationRef,
} from '../domain/connector.ts'
import { failureIn, unanswered } from './failures.ts'

/** The items in groups of `size`, the last one shorter. */
export function inBatches<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = []
  for (let start = 0; start < items.length; start += size) {
    batches.push(items.slice(start, start + size))
  }
  return batches
}

/** Runs at most `limit` at a time; results in the order of the items. Stops at the first error. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  let isBroken = false
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (isBroken) return
      results[index] = await run(item)
    }
  }
  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    worker().catch((error: unknown) => {
      isBroken = true
      throw error
    }),
  )
  // All are waited for, so that no call goes on after this one has ended.
  const endings = await Promise.allSettled(workers)
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason
  return results
}

/**
 * Reads batch after batch, or `parallel` at a time. A batch that fails gives each of its refs that
 * failure. A limit, a bad token or a platform that answers none of the first `parallel` ends the
 * asking. Throws
 * when no batch was answered, or when the token went bad: a new one is worth asking everything.
 */
export async function readBatches(
  batches: readonly PublicationRef[][],
  read: (batch: PublicationRef[]) => Promise<PublicationOutcome[]>,
  parallel = 1,
): Promise<PublicationOutcome[]> {
  let ending: Failure | null = null
  let first: Failure | null = null
  let answered = 0
  let failed = 0
  const outcomes = await inParallel(batches, parallel, async (batch) => {
    if (ending !== null) return failAlike(batch, ending)
    const result = await read(batch).catch(failureIn)
    if (Array.isArray(result)) {
      answered += 1
      return result
    }
    first ??= result
    failed += 1
    // Of several at a time, a single one may be what the platform cannot answer for.
    const isDown = result.kind === 'unavailable' && answered === 0 && failed >= parallel
    if (result.kind === 'unauthorized' || result.kind === 'rate_limited' || isDown) {
      ending ??= result
    }
    return failAlike(batch, result)
  })
  throwWhole({ ending, first, answered })
  return outcomes.flat()
}

function throwWhole(ended: {
  ending: Failure | null
  first: Failure | null
  answered: number
}): void {
  const failure = ended.ending ?? ended.first
  if (failure === null) return
  if (ended.answered === 0 || failure.kind === 'unauthorized') throw new ConnectorError(failure)
}

/** The same failure for every ref. */
export function failAlike(
  refs: readonly Pick<PublicationRef, 'platformPostId'>[],
  failure: Failure,
): PublicationOutcome[] {
  return refs.map(({ platformPostId }) => ({ platformPostId, failure }))
}

/** Refs that can be asked for, each once, and an outcome for every one whose id cannot exist. */
export function sortedOut(
  label: string,
  refs: readonly PublicationRef[],
  isId = isNumericId,
): { good: PublicationRef[]; bad: PublicationOutcome[] } {
  const unique = [...new Map(refs.map((ref) => [ref.platformPostId, ref])).values()]
  const good = unique.filter(({ platformPostId }) => isId(platformPostId))
  const bad = unique
    .filter(({ platformPostId }) => !isId(platformPostId))
    .map(({ platformPostId }) => ({
      platformPostId,
      failure: unanswered('gone', `${label} has no posts with an id like this one.`),
    }))
  return { good, bad }
}

/** Whether a text can be an id of a platform that numbers its objects. */
export function isNumericId(id: string): boolean {
  return /^\d{1,19}$/.test(id)
}

/** Throws `gone` for an account whose id cannot exist, so that it never becomes part of a URL. */
export function requireNumericId(label: string, platformAccountId: string): void {
  if (isNumericId(platformAccountId)) return
  throw new ConnectorError(unanswered('gone', `${label} has no account with an id like this one.`))
}
