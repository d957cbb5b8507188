import type { DecodedPostId } from '../platform-world.ts'

// 18_000_000_000_000_000 and a permutation of the 10^15 numbers above it: ids that look like the
// platform's, do not sort by time, and can be undone without a table.
const FIRST = 18_000_000_000_000_000n
const SPACE = 10n ** 15n
const FACTOR = 386_910_730_519_931n
const INVERSE = 515_951_196_737_971n

const EPOCH_S = 1_577_836_800n

/** The 17-digit id of a medium, or of the child of a carousel (1 to 9; 0: the medium itself). */
export function mediaIdOf(
  publishedAt: Date,
  accountIndex: number,
  salt: number,
  child: number,
): string {
  const seconds = BigInt(Math.floor(publishedAt.getTime() / 1000)) - EPOCH_S
  const tail = BigInt((accountIndex % 10_000) * 100 + (salt % 10) * 10 + child)
  return `${FIRST + (((seconds * 1_000_000n + tail) * FACTOR) % SPACE)}`
}

/** Undoes `mediaIdOf`, with the child's number; null for what is no id of a medium. */
export function decodeMediaId(id: string): (DecodedPostId & { child: number }) | null {
  if (!/^18\d{15}$/.test(id)) return null
  const plain = ((BigInt(id) - FIRST) * INVERSE) % SPACE
  const tail = Number(plain % 1_000_000n)
  return {
    publishedAt: new Date(Number(plain / 1_000_000n + EPOCH_S) * 1000),
    accountIndex: Math.floor(tail / 100),
    child: tail % 10,
  }
}

/** The id of a carousel's child, from the id of the carousel. */
export function childIdOf(mediaId: string, child: number): string {
  const plain = ((BigInt(mediaId) - FIRST) * INVERSE) % SPACE
  return `${FIRST + (((plain - (plain % 10n) + BigInt(child)) * FACTOR) % SPACE)}`
}
