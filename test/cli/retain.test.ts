import { expect, test } from 'vitest'
import { RETENTION_VARIABLES } from '../../src/cli/retention-variables.ts'
import { insertSnapshots } from '../../src/store/snapshots.ts'
import { openTestStore } from '../support/database.ts'
import { SECRET_KEY } from '../support/importing.ts'
import { addPublications, addWorkspace, metrics } from '../support/rows.ts'
import { runCommand } from '../support/terminal.ts'

test('weir retain says what is gone of that which is configured to go', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  await addPublications(store.db, 'w', ['p'])
  const times = ['2026-03-01T10:00Z', '2026-03-01T12:00Z', '2026-06-01T12:00Z', '2026-06-01T13:00Z']
  const of = { subject: 'publication' as const, subjectId: 'p', metrics: metrics() }
  const numbers = { native: {}, catalogVersion: 1 }
  const snapshots = times.map((at) => ({ ...of, ...numbers, capturedAt: new Date(at) }))
  await insertSnapshots(store.db, 'w', snapshots)
  const environment = {
    ...{ DATABASE_URL: store.databaseUrl ?? '', WEIR_SNAPSHOT_DAILY_AFTER_DAYS: '7' },
    ...{
      WEIR_SNAPSHOT_KEEP_DAYS: '60',
      WEIR_SECRET_KEY: Buffer.from(SECRET_KEY).toString('base64'),
    },
  }
  const options = { environment, now: () => new Date('2026-06-20T12:00Z') }
  expect(await runCommand(['retain', '--dry-run'], options)).toEqual({
    ...{ code: 0, output: '' },
    errors:
      '1 snapshots that a later one of their day follows would go.\n' +
      '2 snapshots of months that are too old would go, 0 stay.\n',
  })
  const { errors } = await runCommand(['retain'], options)
  expect(errors).toContain('2 snapshots of months that are too old are gone')
  const left = await store.db.selectFrom('snapshot').select('captured_at as at').execute()
  expect(left).toEqual([{ at: new Date('2026-06-01T13:00Z') }])
})

test('weir retain says which variables there are when none is set', async () => {
  const { code, errors } = await runCommand(['retain'])
  expect(code).toBe(0)
  for (const { name } of RETENTION_VARIABLES) expect(errors).toContain(name)
})
