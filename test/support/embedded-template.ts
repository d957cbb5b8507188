import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../../src/store/connect.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { prepareJobs } from './job-queues.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The file that holds a dump of an embedded database with every migration done and the job
 * queues made. Made once for each state of the two: an empty database takes seconds, a dump a third
 * of one.
 */
export async function prepareEmbeddedTemplate(): Promise<string> {
  const file = join(ROOT, 'node_modules/.cache/weir', `template-${await fingerprint()}.tar`)
  if (existsSync(file)) return file
  const store = await openStore({ databaseUrl: null, dataDir: null, poolMax: 1 })
  await migrateToLatest(store)
  await prepareJobs(store)
  const dump = await store.pglite?.dumpDataDir('none')
  await store.close()
  if (!dump) throw new Error('The embedded database gave no dump.')
  await mkdir(dirname(file), { recursive: true })
  // Renamed into place, so that a run beside this one never reads half a file.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, new Uint8Array(await dump.arrayBuffer()))
  await rename(draft, file)
  await removeOthers(file)
  return file
}

/** Templates of earlier migrations: each is large, and none is asked for again. */
async function removeOthers(file: string): Promise<void> {
  const names = await readdir(dirname(file))
  const others = names.filter((name) => name.endsWith('.tar') && name !== basename(file))
  await Promise.all(others.map((name) => rm(join(dirname(file), name), { force: true })))
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(versionOf('@electric-sql/pglite'))
  hash.update(versionOf('pg-boss')).update(await readFile(join(ROOT, 'src/store/jobs.ts')))
  const folder = join(ROOT, 'migrations')
  for (const name of (await readdir(folder)).sort()) {
    hash.update(name).update(await readFile(join(folder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

function versionOf(name: string): string {
  const main = createRequire(import.meta.url).resolve(name)
  const folder = main.slice(0, main.lastIndexOf(`${name}/`) + name.length)
  return createRequire(import.meta.url)(join(folder, 'package.json')).version
}
