import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'
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

const WEEK_SECONDS = 7 * 86_400

let gateway: Gateway
const secrets: string[] = []

const own = (platform: Platform) => {
  const account = gateway.simulator.world.accounts.find((each) => each.platform === platform)
  if (account === undefined) throw new Error(`${platform} has no account.`)
  return account
}

beforeAll(async () => {
  gateway = await startGateway({ environment: { WEIR_DISCOVERY_MAX: '20' } })
  for (const platform of PLATFORMS) {
    const scopes = own(platform).scopes.filter((scope) => scope !== WITHHELD[platform])
    const grant = { scopes, accessSeconds: WEEK_SECONDS }
    const tokens = gateway.simulator.tokensOf(own(platform), grant)
    secrets.push(tokens.accessToken, ...(tokens.refreshToken ? [tokens.refreshToken] : []))
    await gateway.connect(own(platform), { ...grant, localId: `acc_${platform}` })
  }
  await gateway.settled()
})

afterAll(() => gateway[Symbol.asyncDispose]())

const show = async (platform: Platform) => {
  const { data } = await gateway.query<Shown>(CONNECTION, { id: `acc_${platform}` })
  return data.account
}

describe.each<Platform>(PLATFORMS)('on %s', (platform) => {
  test('a connection shows what was granted, what is missing, and when its token ends', async () => {
    const { connection } = await show(platform)
    expect(connection).toMatchObject({
      status: 'CONNECTED',
      missingScopes: expect.arrayContaining([WITHHELD[platform]]),
      scopes: own(platform).scopes.filter((scope) => scope !== WITHHELD[platform]),
    })
    expect(Date.parse(connection.tokenExpiresAt)).toBeGreaterThan(+NOW)
  })

  test('no metric has a number without a reason, or a reason together with a number', async () => {
    const { entries } = await show(platform)
    for (const { availability, value } of entries) {
      expect(value === null).toBe(availability !== 'REPORTED')
    }
    expect(entries.length).toBeGreaterThan(0)
  })
})

test('no table and no log holds a token', async () => {
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
