import { type Resealing, resealAll, type Sealing, sealingOf } from '../auth/rotation.ts'
import { keyIdIn } from '../auth/tokens.ts'
import { type Config, readConfig } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { openMigrated } from './database.ts'
import { beginRotation, endRotation, tokenCipherOf } from './secret-key.ts'
import type { Terminal } from './terminal.ts'

/**
 * Seals all stored tokens anew: under the configured key, or under a new one that the embedded
 * database is given. Says when older keys can go; throws an `AppError` with what is left otherwise.
 */
export async function rotateSecret(terminal: Terminal): Promise<void> {
  const config = readConfig(terminal.environment)
  const store = await openMigrated(config)
  try {
    beginRotation(config)
    const cipher = tokenCipherOf(config)
    const onProgress = (resealed: number) => terminal.report(`${counted(resealed)} so far …`)
    const deps = { db: store.db, cipher, now: terminal.now, onProgress }
    const done = await resealAll(deps)
    const sealing = await sealingOf(deps)
    const keyId = keyIdIn(cipher.seals[0] ?? '')
    terminal.report(`The tokens of ${counted(done.resealed)} were sealed anew under key ${keyId}.`)
    if (done.busy === 0) endRotation(config)
    const rest = restOf(done, sealing)
    if (rest !== '') throw new AppError('BAD_USER_INPUT', rest)
    for (const line of farewell(config, keyId)) terminal.report(line)
  } finally {
    await store.close()
  }
}

function restOf({ busy, unopened }: Resealing, { locked, missingKeyIds }: Sealing): string {
  const damaged = Math.max(0, unopened - locked)
  const keys = missingKeyIds.join(', ')
  return [
    busy > 0 &&
      `${counted(busy)} ${areOr(busy)} being renewed or locked all the time: run this again.`,
    locked > 0 &&
      `${counted(locked)} ${areOr(locked)} sealed under a key that is not here (${keys}): give it in ` +
        'WEIR_SECRET_KEYS_OTHER and run this again, or connect them again.',
    damaged > 0 &&
      `${counted(damaged)} ${damaged === 1 ? 'has' : 'have'} damaged tokens: connect them again.`,
  ]
    .filter((part) => part !== false)
    .join(' ')
}

function farewell({ databaseUrl, secretKey }: Config, keyId: string): string[] {
  const done = `Nothing is sealed under another key than ${keyId} now.`
  if (databaseUrl === null && secretKey === null) return [`${done} The old one is gone.`]
  return [
    `${done} Older keys can go from WEIR_SECRET_KEYS_OTHER once every`,
    'process seals under this one: a process that still has another as its WEIR_SECRET_KEY may have',
    'sealed with it since. Run this again when all are started anew to be sure.',
  ]
}

function counted(accounts: number): string {
  return `${accounts} account${accounts === 1 ? '' : 's'}`
}

function areOr(accounts: number): string {
  return accounts === 1 ? 'is' : 'are'
}
