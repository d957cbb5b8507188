import { LRUCache } from 'lru-cache'
import type { Answers, KeptAnswer } from '../domain/answers.ts'
import type { CacheTelemetry } from '../domain/telemetry.ts'

// What an entry takes beside its key and its body.
const ENTRY_BYTES = 300
// A few large answers would otherwise drive out all the others.
const ENTRY_SHARE_MAX = 8

/** How much is kept, and who hears of it. */
export interface AnswerCacheOptions {
  /** The most memory that answers take; 0: none are kept. */
  bytesMax: number
  /** Whether answers can be told to hold. */
  isOn(): boolean
  telemetry: CacheTelemetry
}

/** Keeps answers in the memory of this process, those that were asked for last. */
export function createAnswerCache({ bytesMax, isOn, telemetry }: AnswerCacheOptions): Answers {
  if (bytesMax === 0) return { find: () => null, keep: () => {} }
  const kept = new LRUCache<string, KeptAnswer>({
    maxSize: bytesMax,
    maxEntrySize: Math.ceil(bytesMax / ENTRY_SHARE_MAX),
    sizeCalculation: ({ body }, key) => ENTRY_BYTES + key.length + body.length,
    dispose: (_answer, _key, reason) => {
      if (reason === 'evict') telemetry.evicted(1)
    },
  })
  telemetry.watch(() => ({ entries: kept.size, bytes: kept.calculatedSize, isOn: isOn() }))
  return {
    find(key, version, now) {
      const answer = kept.get(key)
      const holds = answer?.version === version && (answer.until === null || now < answer.until)
      if (answer === undefined || !holds) {
        telemetry.miss()
        return null
      }
      telemetry.hit()
      return answer
    },
    keep(key, answer, now) {
      if (answer.until === null || now < answer.until) kept.set(key, answer)
    },
  }
}
