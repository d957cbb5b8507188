import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { CATALOG_VERSION } from '../../src/domain/catalog/catalog.ts'
import { normalize } from '../../src/domain/normalize.ts'
import { changesAfter } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { toMetrics } from '../../src/store/metric-columns.ts'
import { insertPublications, storePublicationOutcomes } from '../../src/store/publication-writes.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import { SECRET_KEY } from '../support/importing.ts'
import { addWorkspace, metrics, outcome, publication } from '../support/rows.ts'
import { runWeir, startWeir } from '../support/weir.ts'

const PER_WORKSPACE = 2500
const ROWS_PER_STEP = 2000
const PATIENT = { timeout: 30_000 }

function environmentOf(store: TestStore): Record<string, string> {
  const key = Buffer.from(SECRET_KEY).toString('base64')
  return { DATABASE_URL: store.databaseUrl ?? '', WEIR_SECRET_KEY: key }
}

/** Publications whose numbers an older catalogue has made, and made otherwise. */
async function addOld(db: Db, workspaceId: string): Promise<void> {
  await addWorkspace(db, workspaceId)
  const ids = Array.from({ length: PER_WORKSPACE }, (_, number) => `p${number}`)
  await insertPublications(
    db,
    workspaceId,
    ids.map((id) => publication({ id })),
  )
  const old = { metrics: metrics({ likes: 1, engagement: 1 }), catalogVersion: CATALOG_VERSION - 1 }
  const outcomes = ids.map((id, likes) => outcome({ id, native: { like_count: likes }, ...old }))
  await storePublicationOutcomes(db, workspaceId, outcomes)
}

async function versionsIn(db: Db): Promise<[string, number, number][]> {
  const { rows } = await sql<{ id: string; version: number; count: number }>`
    select workspace_id as id, catalog_version as version, count(*) as count
    from publication group by 1, 2 order by 1, 2`.execute(db)
  return rows.map(({ id, version, count }) => [id, version, count])
}

/** Has whoever ends a transaction in a workspace wait until it is disposed of. */
async function holdWorkspace(db: Db, id: string): Promise<AsyncDisposable> {
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const holding = db.transaction().execute(async (transaction) => {
    await sql`select from workspace where workspace_id = ${id} for update`.execute(transaction)
    held.resolve()
    await release.promise
  })
  await Promise.race([held.promise, holding])
  const dispose = async () => {
    release.resolve()
    await holding
  }
  return { [Symbol.asyncDispose]: dispose }
}

async function waitingForLocks(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows[0]?.count ?? 0
}

const [OLD, NEW] = [CATALOG_VERSION - 1, CATALOG_VERSION]

test('renormalizing that is killed leaves whole steps, and another run does the rest', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  for (const id of ['a', 'b']) await addOld(store.db, id)
  const environment = environmentOf(store)
  {
    await using _ = await holdWorkspace(store.db, 'b')
    const run = startWeir(['renormalize'], environment)
    await expect.poll(() => waitingForLocks(store.db), PATIENT).toBe(1)
    await run.stop('SIGKILL')
    expect(run.errors).toContain(`publications: ${PER_WORKSPACE} of ${2 * PER_WORKSPACE} (50 %)`)
  }
  const half = [
    ['a', NEW, PER_WORKSPACE],
    ['b', OLD, PER_WORKSPACE],
  ]
  await expect.poll(() => versionsIn(store.db), PATIENT).toEqual(half)
  const { code, errors, output } = await runWeir(['renormalize'], environment)
  expect({ code, output }).toEqual({ code: 0, output: '' })
  const rest = `publication: ${PER_WORKSPACE} rows looked at, ${PER_WORKSPACE - 1} have other numbers`
  expect(errors).toContain(rest)
  const rows = await store.db.selectFrom('publication').selectAll().execute()
  expect(rows.filter((row) => row.catalog_version !== NEW)).toEqual([])
  expect(rows.map(toMetrics)).toEqual(rows.map((row) => normalize('x', 'text', row.native)))
  for (const id of ['a', 'b']) {
    const changes = await changesAfter(store.db, id, null, 2 * PER_WORKSPACE)
    expect(changes).toHaveLength(PER_WORKSPACE - 1)
    expect(new Set(changes.map(({ version }) => version)).size).toBe(
      Math.ceil(PER_WORKSPACE / ROWS_PER_STEP),
    )
  }
}, 120_000)

test('a dry run counts and writes nothing, and an unknown workspace is refused', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addOld(store.db, 'a')
  const environment = environmentOf(store)
  const { code, errors } = await runWeir(['renormalize', '--dry-run'], environment)
  expect(code).toBe(0)
  expect(errors.split('\n')).toEqual([
    'account: 0 rows looked at.',
    'publications: 2000 of 2500 (80 %)',
    'publications: 2500 of 2500 (100 %)',
    'publication: 2500 rows looked at, 2499 would have other numbers.',
    'snapshot: 0 rows looked at, 0 would have other numbers.',
    '',
  ])
  expect(await versionsIn(store.db)).toEqual([['a', OLD, PER_WORKSPACE]])
  const refused = await runWeir(['renormalize', '--workspace', 'c'], environment)
  expect(refused).toEqual({ code: 1, output: '', errors: 'weir: There is no workspace c.\n' })
}, 60_000)
