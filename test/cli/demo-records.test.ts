import { expect, test } from 'vitest'
import { demoRecords } from '../../src/cli/demo-records.ts'
import type { Account } from '../../src/domain/account.ts'
import { isVideoContent } from '../../src/domain/content.ts'
import { entriesOf } from '../../src/domain/entries.ts'
import type { Publication } from '../../src/domain/publication.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import { publicationsOfAccount } from '../../src/store/publications.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'
import { importInto } from '../support/importing.ts'

const DEMO = 'ws_demo'

/** Imports the demo of the gateway's platforms, into a workspace of its own. */
async function importDemo({ db, simulator }: Gateway): Promise<void> {
  const records = demoRecords({
    ...{ workspaceId: DEMO, world: simulator.world, now: NOW, staleAfterSeconds: 60 },
    tokensOf: (account) => simulator.tokensOf(account),
    idOf: () => null,
  })
  const { problems } = await importInto(db, [...records], { now: NOW })
  expect(problems).toEqual([])
}

/** What a row says of its metrics: those that have a number, why others have none, and its state. */
function told(row: Account | Publication, scopes: readonly string[] | null) {
  const content = 'contentType' in row ? row : null
  const isVideo = content !== null && isVideoContent(content.contentType)
  const subjects = content === null ? ['account'] : isVideo ? ['post', 'video'] : ['post']
  const { platform, syncStatus, warnings, native } = row
  const { contentType = null, publishedAt = null } = content ?? {}
  const entries = (['account', 'post', 'video'] as const)
    .filter((subject) => subjects.includes(subject))
    .flatMap((subject) =>
      entriesOf({ platform, subject, contentType, publishedAt, scopes, state: row }, NOW),
    )
    .map(({ definition, availability }) => [definition.name, availability])
  return { syncStatus, warnings, names: Object.keys(native).sort(), entries }
}

/** What an account and its publications say, by the platform's ids. */
async function toldOf({ db }: Gateway, workspaceId: string, accountId: string) {
  const [account] = await accountsByIds(db, workspaceId, [accountId])
  if (account === undefined) throw new Error(`There is no account ${accountId}.`)
  const publications = await publicationsOfAccount(db, workspaceId, accountId, 1000)
  return {
    account: told(account, account.scopes),
    publications: publications
      .map((row) => ({ id: row.platformPostId, ...told(row, account.scopes) }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  }
}

test('the demo begins as a refresh would have left it: its numbers, and why others are missing', async () => {
  await using gateway = await startGateway()
  await importDemo(gateway)
  for (const account of gateway.simulator.world.accounts) {
    const localId = `acc_${account.handle}_${account.platform}`
    await gateway.connect(account, { localId })
    await gateway.settled()
    const refreshed = await toldOf(gateway, WORKSPACE, localId)
    expect.soft(await toldOf(gateway, DEMO, localId), localId).toEqual(refreshed)
  }
}, 60_000)
