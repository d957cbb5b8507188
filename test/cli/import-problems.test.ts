import { expect, onTestFinished, test } from 'vitest'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { parseLines } from '../../src/cli/import-lines.ts'
import { importRecords } from '../../src/cli/import-records.ts'
import { allWorkspaces } from '../../src/store/workspaces.ts'
import { openTestStore } from '../support/database.ts'

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

async function* linesOf(records: object[]) {
  for (const record of records) yield JSON.stringify(record)
}

async function problemsOf(records: object[], { replace = false, stored = [] as object[] } = {}) {
  const statements: string[] = []
  const store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
  onTestFinished(() => store.close())
  let made = 0
  const run = async (given: object[]) =>
    importRecords(store.db, await parseLines(linesOf(given)), {
      ...{ now: new Date('2026-06-29T12:00:00Z'), staleAfterSeconds: 60, replace },
      ...{ cipher: createTokenCipher(new Uint8Array(32)), newId: () => `made-${++made}` },
    })
  await run(stored)
  statements.length = 0
  const outcome = await run(records)
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
    '3: publication_id: there is no publication pub in the file or the workspace',
    '4: publication_id: there is no publication none in the file or the workspace',
    '5: workspace_id: there is no workspace other in the file or the database',
    '6: account_id: or publication_id is required, one of the two',
    '7: account_id: or publication_id is required, one of the two',
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

test('a count that is not whole is a problem, a key that nobody knows may be anything', async () => {
  const metrics = { like_count: 1.5, mood: 0.25 }
  const records = [WORKSPACE, ACCOUNT, PUBLICATION, { ...SNAPSHOT, metrics }]
  const { lines } = await problemsOf(records)
  expect(lines).toEqual(['4: metrics.like_count: must be a whole number'])
})

test('an id that comes twice counts once: the first, or the last of those that replace', async () => {
  const twice = [WORKSPACE, { ...ACCOUNT, handle: '@one' }, { ...ACCOUNT, handle: '@two' }]
  for (const [replace, handle] of [
    [false, '@one'],
    [true, '@two'],
  ] as const) {
    const { outcome, db } = await problemsOf(twice, { replace })
    expect(outcome.counts?.account).toEqual({ stored: 1, skipped: 1 })
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
