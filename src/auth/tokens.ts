import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { TokenCipher } from '../domain/secrets.ts'

/** How many bytes a secret key has: AES-256 takes exactly this many. */
export const SECRET_KEY_BYTES = 32

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals tokens with AES-256-GCM under a 32-byte key, and opens what was sealed under that one or
 * one of the others. A sealed text is `v1.<key id>.<base64url>`: `v1.<key id>`, its seal, tells
 * which key it takes without telling anything of the key. `open` throws when the text was changed,
 * or was sealed under a key that is not here or for another row.
 */
export function createTokenCipher(
  secretKey: Uint8Array,
  others: readonly Uint8Array[] = [],
): TokenCipher {
  const keys = new Map([secretKey, ...others].map((key) => [sealOf(key), key]))
  const sealing = sealOf(secretKey)
  return {
    seals: [...keys.keys()],
    seal: (token, context) => `${sealing}.${sealBytes(secretKey, token, `${sealing}.${context}`)}`,
    open: (sealed, context) => {
      const [version, keyId, body] = sealed.split('.')
      const head = `${version}.${keyId}`
      const key = keys.get(head)
      if (key === undefined || body === undefined) {
        throw new Error('A token was sealed under another secret key than the configured ones.')
      }
      return openBytes(key, Buffer.from(body, 'base64url'), `${head}.${context}`)
    },
  }
}

function sealOf(secretKey: Uint8Array): string {
  if (secretKey.length !== SECRET_KEY_BYTES) {
    throw new Error(`A secret key has ${SECRET_KEY_BYTES} bytes, this one ${secretKey.length}.`)
  }
  return `${VERSION}.${keyIdOf(secretKey)}`
}

/** What a key is called where people have to tell keys apart. It says nothing of the key itself. */
export function keyIdOf(secretKey: Uint8Array): string {
  return createHash('sha256').update('weir key id').update(secretKey).digest('hex').slice(0, 8)
}

/** The name of the key that a sealed text, or what it begins with, takes. */
export function keyIdIn(sealed: string): string {
  return sealed.split('.')[1] ?? ''
}

function sealBytes(secretKey: Uint8Array, token: string, associated: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, secretKey, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(associated))
  const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
}

function openBytes(secretKey: Uint8Array, body: Buffer, associated: string): string {
  const iv = body.subarray(0, IV_BYTES)
  const tag = body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
  if (tag.length !== TAG_BYTES) throw new Error('A sealed token is cut short.')
  const decipher = createDecipheriv(ALGORITHM, secretKey, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(associated))
  decipher.setAuthTag(tag)
  const text = [decipher.update(body.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]
  return Buffer.concat(text).toString('utf8')
}
