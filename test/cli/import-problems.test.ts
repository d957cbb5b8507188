import { expect, onTestFinished, test } from 'vitest'
import { reportOf } from '../../src/cli/import-report.ts'
import { allWorkspaces } from '../../src/store/workspaces.ts'
import { openTestStore } from '../support/database.ts'
import { importInto } from '../support/importing.ts'

const of = { workspace_id: 'w' }
const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }
const ACCOUNT = { type: 'account', ...of, id: 'acc', platform: 'x', platform_account_id: '1' }
const PUBLICATION = {
  ...{ type: 'publication', ...of, id: 'pub', account_id: 'acc', platform_post_id: '1' },
}
const SNAPSHOT = {
  ...{ type: 'snapshot', ...of, publication_id: 'pub', metrics: { like_count: 1 } },
  captured_at: '2026-06-29T09:00:00Z',
}

async function problemsOf(records: object[], { replace = false, stored = [] as object[] } = {}) {
  const statements: string[] = []
  const store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
  onTestFinished(() => store.close())
  await importInto(store.db, stored, { replace })
  statements.length = 0
  const outcome = await importInto(store.db, records, { replace })
  const lines = outcome.problems.map((each) => `${each.line}: ${each.member}: ${each.problem}`)
  return { lines, statements, outcome, db: store.db }
}

test('a reference to something that is nowhere is a problem, and all of them are named', async () => {
  const { lines, db, outcome } = await problemsOf([
    WORKSPACE,
    { ...PUBLICATION, post_id: 'nowhere' },
    SNAPSHOT,
    { type: 'video', ...of, publication_id: 'none' },
    { ...ACCOUNT, workspace_id: 'other' },
    { ...SNAPSHOT, publication_id: undefined },
    { ...SNAPSHOT, account_id: 'acc' },
  ])
  expect(outcome.counts).toBeNull()
  expect(lines).toEqual([
    '2: post_id: there is no post nowhere in the file or the workspace',
    '2: account_id: there is no account acc in the file or the workspace',
    '4: publication_id: there is no publication none in the file or the workspace',
    '5: workspace_id: there is no workspace other in the file or the database',
    '6: account_id: or publication_id is required, one of the two',
    '7: account_id: must not stand beside publication_id: a snapshot is of one of the two',
  ])
  expect(await allWorkspaces(db)).toEqual([])
})

test('what refers to rows that are stored already is no problem', async () => {
  const { lines } = await problemsOf([PUBLICATION, SNAPSHOT], { stored: [WORKSPACE, ACCOUNT] })
  expect(lines).toEqual([])
})

test('a row cannot stand where another stands already', async () => {
  const records = [
    WORKSPACE,
    ...[ACCOUNT, { ...ACCOUNT, id: 'twin' }],
    ...[PUBLICATION, { ...PUBLICATION, id: 'copy' }],
    ...['va_1', 'va_2'].map((id) => ({ type: 'video', ...of, id, publication_id: 'pub' })),
  ]
  const wrong = [
    'platform_account_id: is taken by the account acc',
    'platform_post_id: is taken by the publication pub',
    'publication_id: is taken by the video va_1',
  ]
  const { lines } = await problemsOf(records)
  expect(lines).toEqual(wrong.map((problem, index) => `${3 + 2 * index}: ${problem}`))
  const stored = [0, 1, 3, 5].map((index) => records[index] ?? {})
  const again = await problemsOf(
    [2, 4, 6].map((index) => records[index] ?? {}),
    { stored },
  )
  expect(again.lines).toEqual(wrong.map((problem, index) => `${1 + index}: ${problem}`))
})

test('an account does not move to another platform', async () => {
  const moved = { ...ACCOUNT, platform: 'tiktok' }
  const { lines } = await problemsOf([moved], { replace: true, stored: [WORKSPACE, ACCOUNT] })
  expect(lines).toEqual(['1: platform: the account acc is on x, which cannot be replaced'])
})

test('everything that is wrong with a line is told at once, and blamed on no other line', async () => {
  const { lines } = await problemsOf([
    { ...WORKSPACE, refresh_monthly_quota: -1 },
    { ...ACCOUNT, platform: 'myspace' },
    { ...PUBLICATION, post_id: 'nowhere', url: 'ftp://a', nope: 1 },
    { ...SNAPSHOT, captured_at: 'today', metrics: { like_count: -1, quote_count: '2' } },
    { type: 'video', ...of, id: 5, publication_id: 'none' },
  ])
  expect(lines).toEqual([
    '1: refresh_monthly_quota: must be a whole number from 0 to 1000000000',
    expect.stringMatching(/^2: platform: must be one of /),
    '3: url: must be an http or https URL',
    expect.stringMatching(/^3: nope: is no member of the type publication/),
    '3: post_id: there is no post nowhere in the file or the workspace',
    '4: captured_at: must be a time like 2026-06-29T09:00:00Z',
    '4: metrics.quote_count: must be a number',
    '5: id: must be a text in quotes',
    '5: publication_id: there is no publication none in the file or the workspace',
  ])
})

test('numbers of a wrong line are checked too, where it is known what they are of', async () => {
  const metrics = { like_count: -1, reply_count: true, quote_count: '2', qoute_count: 1 }
  const { lines, outcome } = await problemsOf([{ ...SNAPSHOT, captured_at: 'today', metrics }], {
    stored: [WORKSPACE, ACCOUNT, PUBLICATION],
  })
  expect(lines).toEqual([
    '1: captured_at: must be a time like 2026-06-29T09:00:00Z',
    '1: metrics.quote_count: must be a number',
    '1: metrics.like_count: must not be negative',
    '1: metrics.reply_count: must be a number, not true or false',
  ])
  expect(outcome.unknownNames).toMatchObject([{ line: 1, name: 'qoute_count' }])
})

test('counts are whole and not negative, flags are true or false', async () => {
  const channel = { ...ACCOUNT, platform: 'youtube' }
  const ofChannel = { ...SNAPSHOT, publication_id: undefined, account_id: 'acc' }
  const flag = (value: unknown) => ({ ...ofChannel, metrics: { hidden_subscriber_count: value } })
  const { lines } = await problemsOf([
    ...[WORKSPACE, channel, PUBLICATION],
    { ...SNAPSHOT, metrics: { like_count: 1.5, view_count: -1, comment_count: true } },
    { ...SNAPSHOT, metrics: { average_view_duration_seconds: 0.5, like_count: 0 } },
    ...[flag(true), flag(0), flag(null), flag(2), flag(-1)],
  ])
  expect(lines).toEqual([
    '4: metrics.like_count: must be a whole number',
    '4: metrics.view_count: must not be negative',
    '4: metrics.comment_count: must be a number, not true or false',
    '9: metrics.hidden_subscriber_count: must be true or false',
    '10: metrics.hidden_subscriber_count: must be true or false',
  ])
})

test('a name that the catalogue does not know is kept and reported, once for all its lines', async () => {
  const records = [
    ...[WORKSPACE, ACCOUNT, PUBLICATION],
    { ...SNAPSHOT, metrics: { qoute_count: 3, mood: -0.25, like_count: 1 } },
    { ...SNAPSHOT, captured_at: '2026-06-29T10:00:00Z', metrics: { qoute_count: 4 } },
  ]
  const { outcome, db } = await problemsOf(records)
  expect(reportOf('a.ndjson', outcome).slice(0, -1)).toEqual([
    'a.ndjson:4: metrics.qoute_count: not in the catalogue (did you mean quote_count?); kept; ' +
      'also on 1 other line',
    'a.ndjson:4: metrics.mood: not in the catalogue; kept',
  ])
  const [row] = await db.selectFrom('snapshot').select('native').orderBy('captured_at').execute()
  expect(row?.native).toEqual({ qoute_count: 3, mood: -0.25, like_count: 1 })
  const refused = await problemsOf([...records, { type: 'video', ...of, publication_id: 'none' }])
  expect(reportOf('a.ndjson', refused.outcome)).toEqual([
    expect.stringContaining('a.ndjson:6: publication_id:'),
    expect.stringMatching(/qoute_count.*quote_count\?\); also on 1 other line$/),
    'a.ndjson:4: metrics.mood: not in the catalogue',
    'Nothing was stored: 1 problem.',
  ])
})

test('an id that comes twice counts once: the first, or the last of those that replace', async () => {
  const twice = [WORKSPACE, { ...ACCOUNT, handle: '@one' }, { ...ACCOUNT, handle: '@two' }]
  for (const [replace, handle] of [
    [false, '@one'],
    [true, '@two'],
  ] as const) {
    const { outcome, db } = await problemsOf(twice, { replace })
    expect(outcome.counts?.account).toMatchObject({
      stored: 1,
      [replace ? 'replaced' : 'skipped']: 1,
    })
    const rows = await db.selectFrom('account').select('handle').execute()
    expect(rows).toEqual([{ handle }])
  }
})

test('the number of statements does not grow with the number of records', async () => {
  const many = (count: number) => [
    ...[WORKSPACE, ACCOUNT],
    ...Array.from({ length: count }, (_, index) => [
      { ...PUBLICATION, id: `pub-${index}`, platform_post_id: `${index}` },
      { ...SNAPSHOT, publication_id: `pub-${index}` },
    ]).flat(),
  ]
  const [few, more] = [await problemsOf(many(2)), await problemsOf(many(400))]
  expect(more.outcome.counts?.snapshot.stored).toBe(400)
  expect(more.statements.length).toBe(few.statements.length)
})
