import { expect, test } from 'vitest'
import { demoRecords } from '../../src/cli/demo-records.ts'
import { accountsByIds } from '../../src/store/accounts.ts'
import { publicationsOfAccount } from '../../src/store/publications.ts'
import { type Gateway, NOW, startGateway, WORKSPACE } from '../support/gateway.ts'

interface Snapshot {
  account_id?: string
  publication_id?: string
  metrics: Record<string, number>
}

/** The names of the newest numbers that the demo begins with, by the id of their subject. */
function namesInDemo({ simulator }: Gateway): Map<string | undefined, string[]> {
  const records = demoRecords({
    ...{ workspaceId: WORKSPACE, world: simulator.world, now: NOW, staleAfterSeconds: 60 },
    tokensOf: (account) => simulator.tokensOf(account),
    idOf: () => null,
  })
  const snapshots = [...records].filter((each) => 'metrics' in each) as Snapshot[]
  return new Map(
    snapshots.map((each) => [
      each.account_id ?? each.publication_id,
      Object.keys(each.metrics).sort(),
    ]),
  )
}

test('the demo begins with the numbers that a refresh brings, and no others', async () => {
  await using gateway = await startGateway()
  const names = namesInDemo(gateway)
  for (const account of gateway.simulator.world.accounts) {
    const localId = `acc_${account.handle}_${account.platform}`
    await gateway.connect(account, { localId })
    await gateway.settled()
    const [row] = await accountsByIds(gateway.db, WORKSPACE, [localId])
    expect(names.get(localId)).toEqual(Object.keys(row?.native ?? {}).sort())
    const publications = await publicationsOfAccount(gateway.db, WORKSPACE, localId, 1000)
    for (const { platform, platformPostId, native } of publications) {
      const id = `pub_${platform}_${platformPostId}`
      expect(names.get(id) ?? [], id).toEqual(Object.keys(native).sort())
    }
  }
}, 60_000)
