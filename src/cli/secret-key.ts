import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createTokenCipher, SECRET_KEY_BYTES } from '../auth/tokens.ts'
import type { Config } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import type { TokenCipher } from '../domain/secrets.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/**
 * What seals platform tokens: under the configured key, or the embedded database's own, which is
 * made at the first call and kept beside the data. It opens what is under the other keys, too. Call
 * it while the database is open, so that two processes do not make two.
 */
export function tokenCipherOf(config: Config): TokenCipher {
  const configured = config.secretKey === null ? [] : [config.secretKey]
  if (config.databaseUrl !== null) return cipherOf([...configured, ...config.otherSecretKeys])
  const own = ownKeys(config)
  const current = own.current ?? (configured.length === 0 ? makeKey(config) : null)
  const kept = [current, own.old].filter((key) => key !== null)
  const [first, ...rest] = [...configured, ...kept]
  return cipherOf([...(first ? [first] : []), ...config.otherSecretKeys, ...rest])
}

/**
 * Gives the embedded database a new key of its own, and keeps the old one beside it until
 * `endRotation`. One that was begun before and not ended goes on with the keys that it had: at any
 * point each key that a token may be under is in a file. A configured key is left to whoever
 * configures it.
 */
export function beginRotation(config: Config): void {
  if (config.databaseUrl !== null || config.secretKey !== null) return
  const { current, old } = ownKeys(config)
  if (current === null) return
  if (old === null) writeKey(pathsOf(config).old, current)
  if (old === null || Buffer.compare(old, current) === 0) makeKey(config)
}

/** Forgets the embedded database's old key. */
export function endRotation(config: Config): void {
  if (config.databaseUrl === null) rmSync(pathsOf(config).old, { force: true })
}

function pathsOf({ dataDir }: Config) {
  return { current: join(dataDir, 'secret-key'), old: join(dataDir, 'secret-key.old') }
}

function ownKeys(config: Config): { current: Uint8Array | null; old: Uint8Array | null } {
  const { current, old } = pathsOf(config)
  return { current: readKey(current), old: readKey(old) }
}

function readKey(path: string): Uint8Array | null {
  const text = readPrivateFile(path)
  if (text === null) return null
  const key = new Uint8Array(Buffer.from(text.trim(), 'base64'))
  if (key.length === SECRET_KEY_BYTES) return key
  // Another key would make every stored token unreadable, so none is made in its place.
  throw new AppError('BAD_USER_INPUT', `${path} does not hold ${SECRET_KEY_BYTES} bytes in base64.`)
}

function makeKey(config: Config): Uint8Array {
  const made = new Uint8Array(randomBytes(SECRET_KEY_BYTES))
  writeKey(pathsOf(config).current, made)
  return made
}

function writeKey(path: string, key: Uint8Array): void {
  writePrivateFile(path, `${Buffer.from(key).toString('base64')}\n`)
}

function cipherOf([sealing, ...others]: readonly Uint8Array[]): TokenCipher {
  if (sealing === undefined) throw new Error('There is no secret key.')
  return createTokenCipher(sealing, others)
}
