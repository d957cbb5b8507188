import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { TokenCipher } from '../domain/secrets.ts'

/** How many bytes a secret key has: AES-256 takes exactly this many. */
export const SECRET_KEY_BYTES = 32

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals tokens with AES-256-GCM under one 32-byte key. A sealed text is `v1.<key id>.<base64url>`:
 * the key id tells which key it takes without telling anything of the key. `open` throws when the
 * text was changed, or was sealed under another key or for another row.
 */
export function createTokenCipher(secretKey: Uint8Array): TokenCipher {
  if (secretKey.length !== SECRET_KEY_BYTES) {
    throw new Error(`A secret key has ${SECRET_KEY_BYTES} bytes, this one ${secretKey.length}.`)
  }
  const head = `${VERSION}.${keyIdOf(secretKey)}`
  return {
    seal: (token, context) => `${head}.${sealBytes(secretKey, token, `${head}.${context}`)}`,
    open: (sealed, context) => {
      const [version, keyId, body] = sealed.split('.')
      if (`${version}.${keyId}` !== head || body === undefined) {
        throw new Error('A token was sealed under another secret key than the configured one.')
      }
      return openBytes(secretKey, Buffer.from(body, 'base64url'), `${head}.${context}`)
    },
  }
}

function keyIdOf(secretKey: Uint8Array): string {
  return createHash('sha256').update('weir key id').update(secretKey).digest('hex').slice(0, 8)
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
