import type { DecodedPostId } from '../platform-world.ts'

const MASK = 0xffff_ffff_ffff_ffffn

// Multiplying by an odd number moves every bit and can be undone: neighbours look unrelated.
const SCATTER = 0x9e3779b97f4a7c15n
const GATHER = 0xf1de83e19937733dn

/** The id of a video: 64 bits in 11 characters. It holds the second and the account. */
export function videoIdOf(publishedAt: Date, accountIndex: number, salt: number): string {
  const seconds = BigInt(Math.floor(publishedAt.getTime() / 1000))
  const bits = (seconds << 33n) | (BigInt(accountIndex) << 19n) | BigInt(salt & 0x7ffff)
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE((bits * SCATTER) & MASK)
  return bytes.toString('base64url')
}

/** Undoes `videoIdOf`; null for a text that is no id of a video. */
export function decodeVideoId(id: string): DecodedPostId | null {
  if (!/^[\w-]{11}$/.test(id)) return null
  const bits = (Buffer.from(id, 'base64url').readBigUInt64BE() * GATHER) & MASK
  const publishedAt = new Date(Number(bits >> 33n) * 1000)
  return { publishedAt, accountIndex: Number((bits >> 19n) & 0x3fffn) }
}
