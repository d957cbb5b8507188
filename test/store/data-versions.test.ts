import type { KyselyPlugin } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import type { DataVersions } from '../../src/domain/data-version.ts'
import type { Notices, NoticeWatcher } from '../../src/domain/notice.ts'
import { recordChanges } from '../../src/store/changes.ts'
import type { Db } from '../../src/store/connect.ts'
import { createDataVersions } from '../../src/store/data-versions.ts'
import { openNotices } from '../../src/store/notices.ts'
import { describeStores, openTestStore } from '../support/database.ts'
import { openOutage } from '../support/outage.ts'
import { AT, addWorkspace } from '../support/rows.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const elapsed = () => performance.now()
const commit = (db: Db, workspace = 'w') =>
  db.transaction().execute((transaction) => recordChanges(transaction, workspace, AT, {}))

async function follow(store: Parameters<typeof openNotices>[0]): Promise<DataVersions> {
  const notices = await openNotices(store, { log })
  const versions = createDataVersions({ db: store.db, notices, elapsed, log })
  ends.push(async () => {
    versions.close()
    await notices.close()
  })
  return versions
}

async function reaches(versions: DataVersions, wanted: number | null): Promise<void> {
  while ((await versions.current('w')) !== wanted) await new Promise(setImmediate)
}

describeStores('data versions', (open) => {
  test('are known after each commit, and read only once', async () => {
    const statements: string[] = []
    await using store = await open({ onStatement: (sql) => statements.push(sql) })
    await addWorkspace(store.db, 'w')
    const versions = await follow(store)
    expect(await versions.current('w')).toBe(0)
    statements.length = 0
    await commit(store.db)
    await commit(store.db)
    await reaches(versions, 2)
    expect(statements.filter((sql) => sql.startsWith('select'))).toEqual([])
  })

  test('of another workspace stay where they are', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    await addWorkspace(store.db, 'other')
    const versions = await follow(store)
    expect([await versions.current('w'), await versions.current('other')]).toEqual([0, 0])
    await commit(store.db, 'other')
    expect(await versions.read('other')).toBe(1)
    expect([await versions.current('w'), await versions.current('other')]).toEqual([0, 1])
  })

  test('are read as the database has them by whoever has just committed', async () => {
    await using store = await open()
    await addWorkspace(store.db, 'w')
    const versions = await follow(store)
    await versions.current('w')
    for (const version of [1, 2, 3]) {
      await commit(store.db)
      expect(await versions.read('w')).toBe(version)
      expect(await versions.current('w')).toBe(version)
    }
  })
})

test('nobody knows them while notices are not heard, and afterwards they are read anew', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  const versions = await follow(store)
  expect(await versions.current('w')).toBe(0)
  const outage = openOutage(store)
  await outage.begin()
  await reaches(versions, null)
  await outage.end()
  await commit(store.db)
  await reaches(versions, 1)
})

test('a version that was read while notices went missing is not kept', async () => {
  const told: { watcher?: NoticeWatcher } = {}
  const notices = {
    subscribe: () => () => {},
    watch: (watcher: NoticeWatcher) => {
      told.watcher = watcher
      return () => {}
    },
    prove: async () => {},
    close: async () => {},
  }
  await using store = await openTestStore()
  await addWorkspace(store.db, 'w')
  const versions = createDataVersions({ db: store.db, notices, elapsed, log })
  const reading = versions.current('w')
  told.watcher?.onLost()
  expect(await reading).toBeNull()
  await commit(store.db)
  told.watcher?.onBack()
  expect(await versions.current('w')).toBe(1)
})

test('a commit that is told while an older version is being read counts', async () => {
  let watcher: NoticeWatcher | undefined
  await using store = await openTestStore()
  await addWorkspace(store.db, 'w')
  const notices = await openNotices(store, { log })
  const versions = createDataVersions({
    db: store.db,
    notices: {
      ...notices,
      watch: (given) => {
        watcher = given
        return () => {}
      },
    },
    ...{ elapsed, log },
  })
  const reading = versions.read('w')
  watcher?.onNotice({ workspaceId: 'w', version: 7, refreshes: [] })
  expect([await reading, await versions.current('w')]).toEqual([7, 7])
  await notices.close()
})

test('while no proof can be had nobody knows them, and one is not asked for at every request', async () => {
  let asked = 0
  let clock = 0
  await using store = await openTestStore()
  await addWorkspace(store.db, 'w')
  const notices = {
    subscribe: () => () => {},
    watch: () => () => {},
    prove: async () => {
      asked += 1
      if (asked > 1 && asked < 3) throw new Error('Nothing answered.')
    },
    close: async () => {},
  }
  const versions = createDataVersions({ db: store.db, notices, elapsed: () => clock, log })
  expect(await versions.current('w')).toBe(0)
  clock = 101
  expect(await versions.current('w')).toBeNull()
  clock = 1100
  expect([await versions.current('w'), asked]).toEqual([null, 2])
  clock = 1102
  expect([await versions.current('w'), asked]).toEqual([0, 3])
})

test('a proof is renewed before it is over, so that nobody waits for the next one', async () => {
  let [asked, clock] = [0, 0]
  await using store = await openTestStore()
  await addWorkspace(store.db, 'w')
  const prove = async () => {
    asked += 1
  }
  const notices = { ...DEAF, prove }
  const versions = createDataVersions({ db: store.db, notices, elapsed: () => clock, log })
  expect(await versions.current('w')).toBe(0)
  clock = 49
  expect([versions.current('w'), asked]).toEqual([0, 1])
  clock = 60
  expect([versions.current('w'), versions.current('w'), asked]).toEqual([0, 0, 2])
  await new Promise(setImmediate)
  clock = 159
  expect([versions.current('w'), asked]).toEqual([0, 3])
  clock = 1000
  expect(versions.current('w')).toBeInstanceOf(Promise)
})

test('where the next proof cannot be had, the last one holds until it is over', async () => {
  let [asked, clock] = [0, 0]
  await using store = await openTestStore()
  await addWorkspace(store.db, 'w')
  const prove = async () => {
    asked += 1
    if (asked > 1) throw new Error('Nothing answered.')
  }
  const notices = { ...DEAF, prove }
  const versions = createDataVersions({ db: store.db, notices, elapsed: () => clock, log })
  expect(await versions.current('w')).toBe(0)
  clock = 60
  expect(versions.current('w')).toBe(0)
  await new Promise(setImmediate)
  clock = 99
  expect([versions.current('w'), asked]).toEqual([0, 2])
  clock = 100
  expect([await versions.current('w'), asked]).toEqual([null, 2])
})

// Nobody tells of anything here: what is known is what was read.
const DEAF: Notices = {
  subscribe: () => () => {},
  watch: () => () => {},
  prove: async () => {},
  close: async () => {},
}

test('a version that was read before a commit is not taken for a later one', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  const late = Promise.withResolvers<void>()
  let isSlow = true
  const slow: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (isSlow) {
        isSlow = false
        await late.promise
      }
      return result
    },
  }
  const db = store.db.withPlugin(slow)
  const versions = createDataVersions({ db, notices: DEAF, elapsed, log })
  const before = versions.read('w')
  while (isSlow) await new Promise(setImmediate)
  await commit(store.db)
  expect(await versions.read('w')).toBe(1)
  late.resolve()
  expect([await before, await versions.current('w')]).toEqual([0, 1])
})

test('a version that cannot be read after a commit is not told, and none before it either', async () => {
  await using store = await openTestStore({ backend: 'postgres' })
  await addWorkspace(store.db, 'w')
  const late = Promise.withResolvers<void>()
  let reads: 'late' | 'held' | 'fail' | 'work' = 'work'
  const faults: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (reads === 'fail') throw new Error('Nothing answered.')
      if (reads === 'late') {
        reads = 'held'
        await late.promise
      }
      return result
    },
  }
  const warned: string[] = []
  const versions = createDataVersions({
    ...{ db: store.db.withPlugin(faults), notices: DEAF, elapsed },
    log: { ...log, warn: (_fields, message) => void warned.push(message) },
  })
  expect(await versions.current('w')).toBe(0)
  reads = 'late'
  const before = versions.read('w')
  await vi.waitFor(() => expect(reads).toBe('held'))
  await commit(store.db)
  reads = 'fail'
  expect(await versions.readWritten('w')).toBeNull()
  expect(warned).toEqual(['which data a change led to could not be read'])
  late.resolve()
  expect(await before).toBe(0)
  await expect(versions.current('w')).rejects.toThrow('Nothing answered.')
  reads = 'work'
  expect([await versions.current('w'), await versions.readWritten('w')]).toEqual([1, 1])
})

test('a version is proven once it is read, not before', async () => {
  await using store = await openTestStore()
  await addWorkspace(store.db, 'w')
  const order: string[] = []
  const tell: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      order.push('read')
      return result
    },
  }
  const notices = { ...DEAF, prove: async () => void order.push('proven') }
  const versions = createDataVersions({ db: store.db.withPlugin(tell), notices, elapsed, log })
  expect([await versions.current('w'), order]).toEqual([0, ['read', 'proven']])
})
