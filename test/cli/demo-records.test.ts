import { expect, test } from 'vitest'
import { demoRecords } from '../../src/cli/demo-records.ts'
import type { Account } from '../../src/domain/account.ts'
import { isVideoContent } from '../../src/domain/content.ts'
import { entriesOf } from '../../src/domain/entries.ts'
import type { Publication } from '../../src/domain/publication.ts'
import type { SimulatedAccount } from '../../src/simulator/account.ts'
import { ANCHOR } from '../../src/simulator/calendar.ts'
import { demoGrant, demoPlans } from '../../src/simulator/demo-plan.ts'
import { createWorld } from '../../src/simulator/world.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import { publicationsOfAccount } from '../../src/store/publications.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { importInto } from '../support/importing.ts'

const DEMO = 'ws_demo'
const DAY_MS = 86_400_000
const DAYS_AGO = new Date(NOW.getTime() - 9 * DAY_MS)

/** Imports the demo of the gateway's platforms, into a workspace of its own. */
async function importDemo(gateway: Gateway): Promise<void> {
  const { problems } = await importInto(gateway.db, recordsOf(gateway), { now: NOW })
  expect(problems).toEqual([])
}

interface PublicationRecord {
  type: string
  post_id: string
  account_id: string
}

interface DemoRecord {
  type: string
  id: string
  publication_id?: string
  published_at: Date
  captured_at?: Date
}

function recordsOf({ simulator }: Gateway): DemoRecord[] {
  const records = demoRecords({
    ...{ workspaceId: DEMO, world: simulator.world, now: NOW, staleAfterSeconds: 60 },
    tokensOf: (account) => simulator.tokensOf(account, demoGrant(account, NOW)),
    idOf: () => null,
  })
  return [...records] as DemoRecord[]
}

/** What a row says of its metrics: those that have a number, why others have none, and its state. */
function told(row: Account | Publication, scopes: readonly string[] | null) {
  const content = 'contentType' in row ? row : null
  const isVideo = content !== null && isVideoContent(content.contentType)
  const subjects = content === null ? ['account'] : isVideo ? ['post', 'video'] : ['post']
  const { platform, syncStatus, warnings, errorMessage, native } = row
  const { contentType = null, publishedAt = null } = content ?? {}
  const entries = (['account', 'post', 'video'] as const)
    .filter((subject) => subjects.includes(subject))
    .flatMap((subject) =>
      entriesOf({ platform, subject, contentType, publishedAt, scopes, state: row }, NOW),
    )
    .map(({ definition, availability }) => [definition.name, availability])
  return { syncStatus, warnings, errorMessage, names: Object.keys(native).sort(), entries }
}

/** What an account says, and each of its publications by the platform's id. */
async function toldOf({ db }: Gateway, workspaceId: string, accountId: string) {
  const [account] = await accountsByIds(db, workspaceId, [accountId])
  if (account === undefined) throw new Error(`There is no account ${accountId}.`)
  const rows = await publicationsOfAccount(db, workspaceId, accountId, 1000)
  const { connectionStatus, scopes } = account
  return {
    account: { connectionStatus, ...told(account, scopes) },
    publications: new Map(rows.map((row) => [row.platformPostId, told(row, scopes)])),
  }
}

/** Connects an account with the demo's tokens, in its past and then again read now. */
async function replay(gateway: Gateway, account: SimulatedAccount): Promise<string> {
  const localId = `acc_${account.handle}_${account.platform}`
  const isTroubled = account.handle === 'osskartea'
  gateway.clock.now = isTroubled ? DAYS_AGO : NOW
  await gateway.connect(account, { localId, ...demoGrant(account, NOW) })
  await gateway.settled()
  if (!isTroubled) return localId
  gateway.clock.now = NOW
  await gateway.app.commands.requestAccountRefresh(WORKSPACE, {
    ...{ accountId: localId, idempotencyKey: null },
  })
  await gateway.settled()
  return localId
}

test('a post of the demo is one story, which a platform shows once', () => {
  // Some of its content was published before the day from which calendars count, some after it.
  const now = new Date(ANCHOR.getTime() + 20 * DAY_MS)
  const records = demoRecords({
    ...{ workspaceId: DEMO, now, staleAfterSeconds: 60 },
    world: createWorld({ seed: 1, accounts: demoPlans() }),
    tokensOf: () => ({
      ...{ accessToken: 'token', refreshToken: null, expiresAt: now },
      ...{ refreshExpiresAt: null, scopes: [] },
    }),
    idOf: () => null,
  })
  const published = [...(records as Iterable<PublicationRecord>)].filter(
    ({ type }) => type === 'publication',
  )
  const shown = published.map(({ post_id: post, account_id: account }) => `${post} of ${account}`)
  expect(shown.length).toBeGreaterThan(500)
  expect(shown.filter((one, at) => shown.indexOf(one) !== at)).toEqual([])
})

test('content of the demo was read often on its first day, so that its decay can be told', async () => {
  await using gateway = await startGateway({ accounts: demoPlans() })
  const records = recordsOf(gateway)
  const published = records.filter(({ type }) => type === 'publication')
  const snapshots = Map.groupBy(records, ({ publication_id: id }) => id)
  const aged = published.filter(({ published_at: at }) => {
    const days = (NOW.getTime() - at.getTime()) / DAY_MS
    return days > 7 && days < 29
  })
  expect(aged.length).toBeGreaterThan(500)
  for (const { id, published_at: start } of aged) {
    const hours = (snapshots.get(id) ?? []).flatMap(({ captured_at: at }) =>
      at ? (at.getTime() - start.getTime()) / 3_600_000 : [],
    )
    expect(hours.filter((age) => age > 0 && age <= 1)).not.toEqual([])
    expect(hours.filter((age) => age > 5 && age <= 6)).not.toEqual([])
    expect(hours.filter((age) => age > 23 && age <= 24)).not.toEqual([])
    expect(hours).toEqual(hours.toSorted((one, other) => one - other))
  }
})

test('the demo begins as refreshes would have left it: numbers, states, and what is missing why', async () => {
  await using gateway = await startGateway({ accounts: demoPlans(), cooldownHours: 0 })
  await importDemo(gateway)
  const states = new Set<string>()
  for (const account of gateway.simulator.world.accounts) {
    const localId = await replay(gateway, account)
    const demo = await toldOf(gateway, DEMO, localId)
    const refreshed = await toldOf(gateway, WORKSPACE, localId)
    expect(demo.account, localId).toEqual(refreshed.account)
    const both = [...demo.publications].filter(([id]) => refreshed.publications.has(id))
    expect(both.length).toBeGreaterThan(30)
    for (const [id, said] of both) expect([id, said]).toEqual([id, refreshed.publications.get(id)])
    for (const [, { syncStatus }] of both) states.add(`${account.handle} ${syncStatus}`)
  }
  expect([...states].sort()).toEqual([
    'osskartea failed',
    'osskartea partial',
    'osskartea requires_reconnect',
    'osskartea synced',
    'pellumbikes synced',
    'tarnandtide synced',
  ])
}, 60_000)
