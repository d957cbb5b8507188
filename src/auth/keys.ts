import { hash, randomBytes } from 'node:crypto'
import { type ApiKey, insertApiKey } from '../store/api-keys.ts'
import type { Db } from '../store/connect.ts'
import type { Scope } from './scopes.ts'

const SECRET_BYTES = 32
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
// 32 bytes in base 62 have at most 43 digits; shorter numbers get zeros in front.
const SECRET_DIGITS = 43
const SHOWN_DIGITS = 4

/** What a key's prefix may look like: words of letters and digits, joined by underscores. */
export const KEY_PREFIX = /^[A-Za-z0-9]+(_[A-Za-z0-9]+)*$/

/** What a new key is to be. */
export interface KeyRequest {
  id: string
  name: string
  /** What the key begins with, without the underscore that follows it. */
  prefix: string
  scopes: readonly Scope[]
  createdAt: Date
  /** Null: it does not expire. */
  expiresAt: Date | null
}

/** A new key: the only time that its text is known. */
export interface CreatedKey {
  text: string
  stored: ApiKey
}

/**
 * Makes a key, `prefix_` and 32 random bytes in base 62, and stores its hash and its first
 * characters. Null when the workspace has a living key of that name, or one of that id, already.
 */
export async function createApiKey(
  db: Db,
  workspaceId: string,
  { prefix, scopes, ...request }: KeyRequest,
): Promise<CreatedKey | null> {
  const text = `${prefix}_${toBase62(randomBytes(SECRET_BYTES))}`
  const stored = await insertApiKey(db, workspaceId, {
    ...request,
    scopes: [...scopes],
    hash: hashOfKey(text),
    firstCharacters: text.slice(0, prefix.length + 1 + SHOWN_DIGITS),
  })
  return stored === null ? null : { text, stored }
}

/** What is stored of a key. A plain hash is enough: the key holds 256 random bits. */
export function hashOfKey(text: string): string {
  return hash('sha256', text, 'hex')
}

function toBase62(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let digits = ''
  for (; rest > 0n; rest /= 62n) digits = ALPHABET.charAt(Number(rest % 62n)) + digits
  return digits.padStart(SECRET_DIGITS, '0')
}
