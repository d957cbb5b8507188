import { expect, test } from 'vitest'
import { parseLines } from '../../src/cli/import-lines.ts'

async function* of(...lines: (string | object)[]) {
  for (const line of lines) yield typeof line === 'string' ? line : JSON.stringify(line)
}

const NOW = new Date('2026-06-29T12:00:00Z')
const ACCOUNT = { type: 'account', workspace_id: 'w', platform: 'x', platform_account_id: '1' }
const PUBLICATION = {
  ...{ type: 'publication', workspace_id: 'w', account_id: 'a', platform_post_id: '1' },
}
const SNAPSHOT = {
  ...{ type: 'snapshot', workspace_id: 'w', publication_id: 'p', metrics: {} },
  captured_at: '2026-06-29T09:00:00Z',
}

test('a line becomes a record: members in camel case, times as instants, the rest null', async () => {
  const { records, problems } = await parseLines(
    of('\ufeff', { ...ACCOUNT, connected_at: '2026-06-29T11:00:00+02:00' }, '', '  '),
    NOW,
  )
  expect(problems).toEqual([])
  expect(records.account).toMatchObject([
    {
      line: 2,
      record: {
        ...{ type: 'account', workspaceId: 'w', platform: 'x', platformAccountId: '1' },
        ...{ id: null, accessToken: null, connectedAt: new Date('2026-06-29T09:00:00Z') },
      },
      given: new Set(['type', 'workspaceId', 'platform', 'platformAccountId', 'connectedAt']),
    },
  ])
})

test('an unknown number stays unknown, a real zero stays zero, and large counts stay exact', async () => {
  const metrics = { likes: null, shares: 0, views: 3_412_345_678, ratio: 0.25, hidden: true }
  const { records } = await parseLines(of({ ...SNAPSHOT, metrics }), NOW)
  expect(records.snapshot[0]?.record.metrics).toEqual(metrics)
})

test('long integers in a payload keep their digits', async () => {
  const line = JSON.stringify({ ...SNAPSHOT, payload: { id: 0 } }).replace(
    '"id":0',
    '"id":1234567890123456789',
  )
  const { records } = await parseLines(of(line), NOW)
  expect(records.snapshot[0]?.record.payload).toEqual({ id: '1234567890123456789' })
})

test.each([
  ['{"type":', 'line', 'is not valid JSON'],
  ['[1]', 'line', 'is not a JSON object'],
  [
    { type: 'tweet' },
    'type',
    'must be one of workspace, account, post, publication, video, snapshot',
  ],
  [{ ...ACCOUNT, type: 'acount' }, 'type', /^must be one of .*; did you mean account\?$/],
  [
    { ...SNAPSHOT, account_id: 'a' },
    'account_id',
    'must not stand beside publication_id: a snapshot is of one of the two',
  ],
  [
    { ...SNAPSHOT, publication_id: null },
    'account_id',
    'or publication_id is required, one of the two',
  ],
  [
    { ...ACCOUNT, handel: '@a' },
    'handel',
    'is no member of the type account; did you mean handle?',
  ],
  [{ ...ACCOUNT, platform: 'X' }, 'platform', /^must be one of facebook, /],
  [{ ...ACCOUNT, platform_account_id: undefined }, 'platform_account_id', 'is required'],
  [{ ...ACCOUNT, scopes: 'all' }, 'scopes', 'must be a list of texts'],
  [{ ...ACCOUNT, avatar_url: 'javascript:alert(1)' }, 'avatar_url', /URL/],
  [{ ...SNAPSHOT, captured_at: 'yesterday' }, 'captured_at', /^must be a time like/],
  [{ ...SNAPSHOT, captured_at: '2026-02-30T00:00:00Z' }, 'captured_at', /^must be a time like/],
  [{ ...SNAPSHOT, metrics: { likes: '12' } }, 'metrics.likes', 'must be a number'],
  [
    { ...SNAPSHOT, metrics: { likes: 2 ** 53 } },
    'metrics.likes',
    'must be at most 9007199254740991',
  ],
])('what is wrong is named by line and member: %j', async (line, member, problem) => {
  const { problems } = await parseLines(of('', line), NOW)
  const said = typeof problem === 'string' ? problem : expect.stringMatching(problem)
  expect(problems).toEqual([{ line: 2, member, problem: said }])
})

test('an id of 19 digits without quotes is refused, not rounded', async () => {
  const line = JSON.stringify(ACCOUNT).replace('"1"', '1234567890123456789')
  const { problems } = await parseLines(of(line), NOW)
  expect(problems).toEqual([
    { line: 1, member: 'platform_account_id', problem: 'must be a text in quotes' },
  ])
})

test('every wrong member of every wrong line is reported', async () => {
  const { problems } = await parseLines(
    of({ ...ACCOUNT, id: '', platform: 'y', nope: 1 }, ACCOUNT, '{', { ...SNAPSHOT, metrics: [] }),
    NOW,
  )
  expect(problems.map(({ line, member }) => `${line}:${member}`).sort()).toEqual(
    ['1:id', '1:nope', '1:platform', '3:line', '4:metrics'].sort(),
  )
})

test.each([
  [ACCOUNT, 'connected_at'],
  [{ type: 'post', workspace_id: 'w' }, 'created_at'],
  [PUBLICATION, 'created_at'],
  [PUBLICATION, 'published_at'],
  [SNAPSHOT, 'captured_at'],
])('what has happened did not happen in the future: %j: %s', async (record, member) => {
  const at = (time: string) => parseLines(of({ ...record, [member]: time }), NOW)
  expect((await at('2026-06-29T14:05:00+02:00')).problems).toEqual([])
  const problem = 'must not be in the future; it is 2026-06-29T12:00:00.000Z now'
  const { problems } = await at('2026-06-29T12:05:00.001Z')
  expect(problems).toEqual([{ line: 1, member, problem }])
  const whenever = await parseLines(of({ ...record, [member]: '2036-06-29T12:00:00Z' }), null)
  expect(whenever.problems).toEqual([])
})

test('what ends in the future may do so', async () => {
  const lines = of(
    { ...SNAPSHOT, stale_after: '2036-01-01T00:00:00Z' },
    { ...ACCOUNT, token_expires_at: '2036-01-01T00:00:00Z' },
  )
  expect((await parseLines(lines, NOW)).problems).toEqual([])
})

test('whoever misspells a type learns what else is wrong', async () => {
  const { problems, broken } = await parseLines(of({ ...ACCOUNT, type: 'acount', handle: 1 }), NOW)
  expect(problems.map(({ member }) => member)).toEqual(['type', 'handle'])
  expect(broken).toMatchObject([{ line: 1, type: 'account', members: { workspace_id: 'w' } }])
})
