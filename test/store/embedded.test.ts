import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../src/store/connect.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { postsByIds } from '../../src/store/posts.ts'

const WRITER = new URL('../support/writing-process.ts', import.meta.url).pathname

let folder: string
let writers: ChildProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-embedded-'))
  writers = []
})

afterEach(async () => {
  for (const writer of writers) writer.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

const open = (): Promise<Store> => openStore({ databaseUrl: null, dataDir: folder, poolMax: 1 })

/** Starts a process that writes, and waits until it has committed this many rows. */
async function startWriter(rows: number): Promise<{ writer: ChildProcess; committed: string[] }> {
  const writer = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  writers.push(writer)
  const committed: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  writer.once('exit', () => reject(new Error('The writer ended.')))
  createInterface({ input: writer.stdout }).on('line', (id) => {
    if (committed.push(id) >= rows) resolve()
  })
  await promise
  return { writer, committed }
}

test('a process killed while it writes loses no committed row and leaves no lock', async () => {
  const { writer, committed } = await startWriter(40)
  writer.kill('SIGKILL')
  await once(writer, 'close')
  const store = await open()
  expect(await migrateToLatest(store)).toEqual([])
  const found = await postsByIds(store.db, 'w', committed)
  expect(found.map((post) => post.id).sort()).toEqual(committed.toSorted())
  await store.close()
})

test('a second process is refused by name, and welcome once the first has ended', async () => {
  const { writer } = await startWriter(1)
  await expect(open()).rejects.toThrow(
    `is open in process ${writer.pid}. It serves one process at a time`,
  )
  writer.kill('SIGKILL')
  await once(writer, 'close')
  await (await open()).close()
})

test('the same folder cannot be opened twice in one process', async () => {
  const store = await open()
  await expect(open()).rejects.toThrow(`is open in process ${process.pid}`)
  await store.close()
  await (await open()).close()
})

test('a lock of an earlier process with the same id, or of a later one, is taken over', async () => {
  const lock = join(folder, 'database.pid')
  await writeFile(lock, `${process.pid}\nan earlier start\n`)
  await (await open()).close()
  await writeFile(lock, `1\nan earlier start\n`)
  const store = await open()
  expect((await readFile(lock, 'utf8')).split('\n')[0]).toBe(String(process.pid))
  await store.close()
})

test('a database whose creation was cut short is created anew', async () => {
  await mkdir(join(folder, 'database.new'))
  await writeFile(join(folder, 'database.new', 'PG_VERSION'), '18\n')
  const store = await open()
  await store.ping()
  await store.close()
})

test('a folder that nobody can make is refused at once', async () => {
  const inside = { databaseUrl: null, dataDir: '/proc/weir/data', poolMax: 1 }
  await expect(openStore(inside)).rejects.toThrow(/mkdir '\/proc\/weir'/)
  const below = { ...inside, dataDir: join(folder, 'a', 'b') }
  await (await openStore(below)).close()
})
