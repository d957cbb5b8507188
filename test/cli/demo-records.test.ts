import { expect, test } from 'vitest'
import { demoRecords } from '../../src/cli/demo-records.ts'
import { createTokens } from '../../src/simulator/tokens.ts'
import { createWorld } from '../../src/simulator/world.ts'

const NOW = new Date('2026-06-29T09:00:00Z')

interface Row {
  type: string
  [member: string]: unknown
}

function recordsOfDemo(): Map<string, Row[]> {
  const tokens = createTokens(1)
  const records = demoRecords({
    ...{ workspaceId: 'w', world: createWorld({ seed: 1 }), now: NOW, staleAfterSeconds: 60 },
    tokensOf: (account) => tokens.grant(account, { issuedAt: NOW }),
    idOf: ({ handle, platform }) => (handle === 'osskartea' ? `ours_${platform}` : null),
  })
  const rows = [...records].map((record) => JSON.parse(JSON.stringify(record)) as Row)
  return Map.groupBy(rows, ({ type }) => type)
}

test('a demo is large enough to look at', () => {
  const rows = recordsOfDemo()
  const count = (type: string) => rows.get(type)?.length ?? 0
  expect(count('account')).toBeGreaterThanOrEqual(9)
  expect(new Set(rows.get('account')?.map(({ platform }) => platform)).size).toBe(3)
  expect(count('publication')).toBeGreaterThanOrEqual(300)
  expect(count('video')).toBeGreaterThanOrEqual(60)
  expect(rows.get('account')?.map(({ id }) => id)).toContain('ours_tiktok')
})

test('a post groups what the platforms show of one story', () => {
  const rows = recordsOfDemo()
  const posts = rows.get('post') ?? []
  expect(new Set(posts.map(({ id }) => id)).size).toBe(posts.length)
  const publications = rows.get('publication') ?? []
  const groups = Map.groupBy(publications, (publication) => publication['post_id'])
  const crossPosted = [...groups.values()].filter((group) => group.length === 3)
  expect(crossPosted.length).toBeGreaterThan(50)
})

test('numbers reach 30 days back, and the newest are recent and stale', () => {
  const snapshots = recordsOfDemo().get('snapshot') ?? []
  const [account] = Map.groupBy(snapshots, (snapshot) => snapshot['account_id']).values()
  const at = snapshots.map((snapshot) => new Date(String(snapshot['captured_at'])).getTime())
  expect(account?.length ?? 0).toBeGreaterThanOrEqual(30)
  const newest = Math.max(...at)
  expect(NOW.getTime() - newest).toBeLessThanOrEqual(3_600_000)
  const stale = snapshots.map((snapshot) => new Date(String(snapshot['stale_after'])).getTime())
  expect(Math.max(...stale)).toBeLessThan(NOW.getTime())
  for (const snapshot of snapshots.slice(0, 100)) {
    expect(Object.keys(Object(snapshot['metrics'])).length).toBeGreaterThan(0)
  }
})
