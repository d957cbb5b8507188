import { expect, test } from 'vitest'
import { parseLines } from '../../src/cli/import-lines.ts'

async function* of(...lines: (string | object)[]) {
  for (const line of lines) yield typeof line === 'string' ? line : JSON.stringify(line)
}

const ACCOUNT = { type: 'account', workspace_id: 'w', platform: 'x', platform_account_id: '1' }
const SNAPSHOT = {
  ...{ type: 'snapshot', workspace_id: 'w', publication_id: 'p', metrics: {} },
  captured_at: '2026-06-29T09:00:00Z',
}

test('a line becomes a record: members in camel case, times as instants, the rest null', async () => {
  const { records, problems } = await parseLines(
    of('\ufeff', { ...ACCOUNT, connected_at: '2026-06-29T11:00:00+02:00' }, '', '  '),
  )
  expect(problems).toEqual([])
  expect(records.account).toMatchObject([
    {
      line: 2,
      record: {
        ...{ type: 'account', workspaceId: 'w', platform: 'x', platformAccountId: '1' },
        ...{ id: null, accessToken: null, connectedAt: new Date('2026-06-29T09:00:00Z') },
      },
    },
  ])
})

test('an unknown number stays unknown, a real zero stays zero, and large counts stay exact', async () => {
  const metrics = { likes: null, shares: 0, views: 3_412_345_678, ratio: 0.25, hidden: true }
  const { records } = await parseLines(of({ ...SNAPSHOT, metrics }))
  expect(records.snapshot[0]?.record.metrics).toEqual({ ...metrics, hidden: 1 })
})

test('long integers in a payload keep their digits', async () => {
  const line = JSON.stringify({ ...SNAPSHOT, payload: { id: 0 } }).replace(
    '"id":0',
    '"id":1234567890123456789',
  )
  const { records } = await parseLines(of(line))
  expect(records.snapshot[0]?.record.payload).toEqual({ id: '1234567890123456789' })
})

test.each([
  ['{"type":', 'line', 'is not valid JSON'],
  ['[1]', 'line', 'is not a JSON object'],
  [
    { type: 'acount' },
    'type',
    'must be one of workspace, account, post, publication, video, snapshot',
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
  const { problems } = await parseLines(of('', line))
  const said = typeof problem === 'string' ? problem : expect.stringMatching(problem)
  expect(problems).toEqual([{ line: 2, member, problem: said }])
})

test('an id of 19 digits without quotes is refused, not rounded', async () => {
  const line = JSON.stringify(ACCOUNT).replace('"1"', '1234567890123456789')
  const { problems } = await parseLines(of(line))
  expect(problems).toEqual([
    { line: 1, member: 'platform_account_id', problem: 'must be a text in quotes' },
  ])
})

test('every wrong member of every wrong line is reported', async () => {
  const { problems } = await parseLines(
    of({ ...ACCOUNT, id: '', platform: 'y', nope: 1 }, ACCOUNT, '{', { ...SNAPSHOT, metrics: [] }),
  )
  expect(problems.map(({ line, member }) => `${line}:${member}`).sort()).toEqual(
    ['1:id', '1:nope', '1:platform', '3:line', '4:metrics'].sort(),
  )
})
