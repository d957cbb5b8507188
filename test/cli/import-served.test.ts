import { expect, test } from 'vitest'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { parseLines } from '../../src/cli/import-lines.ts'
import { importRecords } from '../../src/cli/import-records.ts'
import { NOW, startGateway, WORKSPACE } from '../support/gateway.ts'

const QUERY = /* GraphQL */ `{
  publication(id: "1789456123012345678") {
    localId
    platformPostId
    createdAt
    normalized { likes comments shares impressions views }
    entries(names: ["like_count", "reply_count", "quote_count"]) { name value availability }
    freshness { status isStale lastUpdatedAt staleAfter }
    account { localId connection { status } freshness { status } audience { followers } }
  }
}`

async function* linesOf(records: object[]) {
  for (const record of records) yield JSON.stringify(record)
}

test('what is imported is served unchanged: long ids, large counts, zeros and unknowns', async () => {
  await using gateway = await startGateway({ isWorker: false })
  const of = { workspace_id: WORKSPACE }
  const records = [
    { type: 'account', ...of, id: 'acc_1', platform: 'x', platform_account_id: '1' },
    {
      ...{ type: 'publication', ...of, id: 'pub_1', account_id: 'acc_1' },
      ...{ platform_post_id: '1789456123012345678', created_at: '2026-06-28T09:00:00Z' },
    },
    {
      ...{ type: 'snapshot', ...of, publication_id: 'pub_1', captured_at: '2026-06-29T08:00:00Z' },
      metrics: { impression_count: 3_412_345_678, like_count: 0, reply_count: null },
    },
  ]
  const options = { now: NOW, staleAfterSeconds: 21_600, replace: false, newId: () => 'new' }
  const cipher = createTokenCipher(new Uint8Array(32))
  const parsed = await parseLines(linesOf(records), NOW)
  const { problems } = await importRecords(gateway.db, parsed, { ...options, cipher })
  expect(problems).toEqual([])
  const { data } = await gateway.query(QUERY)
  expect(data).toEqual({ publication: EXPECTED })
})

const EXPECTED = {
  localId: 'pub_1',
  platformPostId: '1789456123012345678',
  createdAt: '2026-06-28T09:00:00.000Z',
  normalized: { likes: 0, comments: null, shares: null, impressions: 3_412_345_678, views: null },
  entries: [
    { name: 'like_count', value: 0, availability: 'REPORTED' },
    { name: 'reply_count', value: null, availability: 'NOT_REPORTED' },
    { name: 'quote_count', value: null, availability: 'NOT_REPORTED' },
  ],
  freshness: {
    ...{ status: 'SYNCED', isStale: false },
    ...{ lastUpdatedAt: '2026-06-29T08:00:00.000Z', staleAfter: '2026-06-29T14:00:00.000Z' },
  },
  account: {
    ...{ localId: 'acc_1', connection: { status: 'DISCONNECTED' } },
    ...{ freshness: { status: 'PENDING' }, audience: { followers: null } },
  },
}
