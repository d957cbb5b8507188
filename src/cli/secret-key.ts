import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { SECRET_KEY_BYTES } from '../auth/tokens.ts'
import type { Config } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/**
 * The key that seals platform tokens: the configured one, or the embedded database's own, which is
 * made at the first call and kept beside the data. Call it while the database is open, so that two
 * processes do not make two.
 */
export function secretKeyOf(config: Config): Uint8Array {
  if (config.secretKey !== null) return config.secretKey
  const path = join(config.dataDir, 'secret-key')
  const kept = readPrivateFile(path)
  if (kept !== null) return decode(path, kept)
  const made = randomBytes(SECRET_KEY_BYTES)
  writePrivateFile(path, `${made.toString('base64')}\n`)
  return new Uint8Array(made)
}

function decode(path: string, text: string): Uint8Array {
  const key = new Uint8Array(Buffer.from(text.trim(), 'base64'))
  if (key.length === SECRET_KEY_BYTES) return key
  // Another key would make every stored token unreadable, so none is made in its place.
  throw new AppError('BAD_USER_INPUT', `${path} does not hold ${SECRET_KEY_BYTES} bytes in base64.`)
}
