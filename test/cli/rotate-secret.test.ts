import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { tokenCipherOf } from '../../src/cli/secret-key.ts'
import { readConfig } from '../../src/config.ts'
import { accountTokenContext } from '../../src/domain/secrets.ts'
import { openStore } from '../../src/store/connect.ts'
import { openTestStore } from '../support/database.ts'
import { runCommand } from '../support/terminal.ts'
import { startWeir, temporaryFolder } from '../support/weir.ts'

const KEY_1 = Buffer.alloc(32, 1).toString('base64')
const KEY_2 = Buffer.alloc(32, 2).toString('base64')
const KEY_3 = Buffer.alloc(32, 3).toString('base64')
const ROTATE = ['keys', 'rotate-secret']
const ACCOUNTS = 450

type Environment = Record<string, string>

async function* accountLines() {
  yield `${JSON.stringify({ type: 'workspace', id: 'w', name: 'W' })}\n`
  for (let number = 0; number < ACCOUNTS; number += 1) {
    const tokens = { access_token: `access ${number}`, refresh_token: `refresh ${number}` }
    const account = { platform: 'x', platform_account_id: `${number}`, ...tokens }
    yield `${JSON.stringify({ type: 'account', workspace_id: 'w', id: `a${number}`, ...account })}\n`
  }
}

async function importAccounts(environment: Environment): Promise<void> {
  const { code, errors } = await runCommand(['import', '-'], { environment, input: accountLines() })
  expect({ code, errors }).toMatchObject({ code: 0 })
}

/** How many accounts' tokens are there and open with the keys of this environment. */
async function openAccounts(environment: Environment): Promise<number> {
  const config = readConfig(environment)
  const store = await openStore({ ...config, poolMax: 1 })
  try {
    const rows = await store.db.selectFrom('account').selectAll().execute()
    const cipher = tokenCipherOf(config)
    return rows.filter(({ id, access_token_sealed: access, refresh_token_sealed: refresh }) => {
      const context = accountTokenContext('w', id)
      const open = (sealed: string | null) => sealed && cipher.open(sealed, context)
      const number = id.slice(1)
      return open(access) === `access ${number}` && open(refresh) === `refresh ${number}`
    }).length
  } finally {
    await store.close()
  }
}

describe('an embedded database', () => {
  test('gets a new key, under which every token is', async () => {
    const folder = temporaryFolder()
    const environment = { WEIR_DATA_DIR: folder }
    await importAccounts(environment)
    const before = readFileSync(join(folder, 'secret-key'), 'utf8')
    const { code, errors } = await runCommand(ROTATE, { environment })
    expect(errors).toMatch(/^100 accounts so far …\n200 accounts so far …\n/)
    expect(errors).toMatch(
      /\n450 accounts so far …\nThe tokens of 450 accounts were sealed anew under key (\w+)\.\nNothing is sealed under another key than \1 now\. The old one is gone\.\n$/,
    )
    expect(code).toBe(0)
    expect(readFileSync(join(folder, 'secret-key'), 'utf8')).not.toBe(before)
    expect(existsSync(join(folder, 'secret-key.old'))).toBe(false)
    expect(await openAccounts(environment)).toBe(ACCOUNTS)
  }, 120_000)

  test('loses no token when it is killed, wherever that is, and goes on when run again', async () => {
    const folder = temporaryFolder()
    const environment = { WEIR_DATA_DIR: folder }
    const [current, old] = [join(folder, 'secret-key'), join(folder, 'secret-key.old')]
    await importAccounts(environment)
    const first = readFileSync(current, 'utf8')
    // As after a kill between the two files.
    writeFileSync(old, first, { mode: 0o600 })
    expect(await openAccounts(environment)).toBe(ACCOUNTS)
    const isNew = () => readFileSync(current, 'utf8') !== first
    const begun = startWeir(ROTATE, environment)
    await expect.poll(isNew, { interval: 1, timeout: 60_000 }).toBe(true)
    await begun.stop('SIGKILL')
    expect(await openAccounts(environment)).toBe(ACCOUNTS)
    const second = readFileSync(current, 'utf8')
    const halfDone = startWeir(ROTATE, environment)
    await halfDone.until(/so far/, 'errors')
    await halfDone.stop('SIGKILL')
    expect(await openAccounts(environment)).toBe(ACCOUNTS)
    expect((await runCommand(ROTATE, { environment })).code).toBe(0)
    // The rotation that was begun is ended; no other one is begun.
    expect(readFileSync(current, 'utf8')).toBe(second)
    expect(existsSync(old)).toBe(false)
    expect(await openAccounts(environment)).toBe(ACCOUNTS)
  }, 180_000)

  test('with a configured key seals under that, and opens what is under its own', async () => {
    const folder = temporaryFolder()
    await importAccounts({ WEIR_DATA_DIR: folder })
    const environment = { WEIR_DATA_DIR: folder, WEIR_SECRET_KEY: KEY_1 }
    expect(await openAccounts(environment)).toBe(ACCOUNTS)
    expect((await runCommand(ROTATE, { environment })).code).toBe(0)
    const { WEIR_SECRET_KEY: _, ...without } = environment
    await expect(openAccounts(without)).rejects.toThrow('another secret key')
  }, 120_000)
})

test('on a server the configured key takes over, and what is under unknown keys is told', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  const DATABASE_URL = store.databaseUrl ?? ''
  await importAccounts({ DATABASE_URL, WEIR_SECRET_KEY: KEY_1 })
  const environment = {
    ...{ DATABASE_URL, WEIR_SECRET_KEY: KEY_2 },
    WEIR_SECRET_KEYS_OTHER: `${KEY_1}, ${KEY_3}`,
  }
  expect(await openAccounts(environment)).toBe(ACCOUNTS)
  const lacking = await runCommand(ROTATE, {
    environment: { DATABASE_URL, WEIR_SECRET_KEY: KEY_2 },
  })
  const { seals } = createTokenCipher(Buffer.from(KEY_1, 'base64'))
  const keyId = seals[0]?.slice('v1.'.length)
  expect(lacking.code).toBe(1)
  expect(lacking.errors).toContain(
    `weir: 450 accounts are sealed under a key that is not here (${keyId}): give it in `,
  )
  const { code, errors } = await runCommand(ROTATE, { environment })
  expect(code).toBe(0)
  expect(errors).toMatch(/\nThe tokens of 450 accounts were .*\n.* Older keys can go from WEIR_/)
  expect(await openAccounts({ DATABASE_URL, WEIR_SECRET_KEY: KEY_2 })).toBe(ACCOUNTS)
}, 60_000)
