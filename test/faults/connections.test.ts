import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
import type { SimulatedAccount } from '../../src/simulator/account.ts'
import { type Gateway, NOW, startGateway } from '../support/gateway.ts'

const CONNECTION = `query ($id: ID!) {
  account(id: $id) {
    connection { status scopes missingScopes tokenExpiresAt }
    entries { name availability value }
  }
}`

interface Shown {
  account: {
    connection: {
      status: string
      scopes: string[]
      missingScopes: string[]
      tokenExpiresAt: string
    }
    entries: { name: string; availability: string; value: number | null }[]
  }
}

/** The scope that each platform's owner has not granted, and which metrics take. */
const WITHHELD: Record<Platform, string> = {
  facebook: 'read_insights',
  instagram: 'instagram_business_manage_insights',
  linkedin: 'rw_organization_admin',
  tiktok: 'user.info.stats',
  x: 'users.read',
  youtube: 'https://www.googleapis.com/auth/yt-analytics.readonly',
}

const FEW = { WEIR_DISCOVERY_MAX: '20' }
const WEEK_SECONDS = 7 * 86_400

function own({ simulator }: Gateway, platform: Platform): SimulatedAccount {
  const account = simulator.world.accounts.find((each) => each.platform === platform)
  if (account === undefined) throw new Error(`${platform} has no account.`)
  return account
}

/** Connects one account of every platform, each without one scope, and answers their tokens. */
async function connectAll(gateway: Gateway): Promise<string[]> {
  const secrets: string[] = []
  for (const platform of PLATFORMS) {
    const account = own(gateway, platform)
    const scopes = account.scopes.filter((scope) => scope !== WITHHELD[platform])
    const grant = { scopes, accessSeconds: WEEK_SECONDS }
    const { accessToken, refreshToken } = gateway.simulator.tokensOf(account, grant)
    secrets.push(accessToken, ...(refreshToken === null ? [] : [refreshToken]))
    await gateway.connect(account, { ...grant, localId: `acc_${platform}` })
  }
  return secrets
}

async function shown(gateway: Gateway, platform: Platform) {
  const { data } = await gateway.query<Shown>(CONNECTION, { id: `acc_${platform}` })
  return data.account
}

test('a connection shows what was granted, what is missing, and when its token ends', async () => {
  await using gateway = await startGateway({ isWorker: false })
  await connectAll(gateway)
  for (const platform of PLATFORMS) {
    const { connection } = await shown(gateway, platform)
    const withheld = WITHHELD[platform]
    expect(connection).toEqual({
      status: 'CONNECTED',
      missingScopes: expect.arrayContaining([withheld]),
      scopes: own(gateway, platform).scopes.filter((scope) => scope !== withheld),
      tokenExpiresAt: new Date(+NOW + WEEK_SECONDS * 1000).toISOString(),
    })
  }
})

test('after a refresh, every metric has a number or a reason, and none has both', async () => {
  await using gateway = await startGateway({ environment: FEW })
  await connectAll(gateway)
  await gateway.settled()
  for (const platform of PLATFORMS) {
    const { entries } = await shown(gateway, platform)
    expect(entries.length).toBeGreaterThan(0)
    for (const { availability, value } of entries) {
      expect(value === null).toBe(availability !== 'REPORTED')
    }
  }
})

test('no table and no log holds a token', async () => {
  await using gateway = await startGateway({ environment: FEW })
  const secrets = await connectAll(gateway)
  await gateway.settled()
  const tables = await sql<{ name: string }>`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema in ('public', 'weir_jobs') and table_type = 'BASE TABLE'
  `.execute(gateway.db)
  expect(tables.rows.length).toBeGreaterThan(10)
  for (const { name } of tables.rows) {
    const { rows } = await sql`select to_jsonb(t) as row from ${sql.table(name)} t`.execute(
      gateway.db,
    )
    const text = JSON.stringify(rows)
    expect([name, ...secrets.filter((secret) => text.includes(secret))]).toEqual([name])
  }
  const text = JSON.stringify(gateway.logged)
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
})
