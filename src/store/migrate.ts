import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import type { Store } from './connect.ts'

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))

/**
 * Runs the migrations that the database lacks, all or none, and answers their names in order.
 * Several processes may do so at once: one works, the others wait and find nothing left.
 */
export async function migrateToLatest(store: Pick<Store, 'db'>): Promise<string[]> {
  const { error, results } = await migratorOf(store).migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/** The names of the migrations that the database lacks, in order. */
export async function pendingMigrations(store: Pick<Store, 'db'>): Promise<string[]> {
  const migrations = await migratorOf(store).getMigrations()
  return migrations.filter(({ executedAt }) => !executedAt).map(({ name }) => name)
}

function migratorOf({ db }: Pick<Store, 'db'>): Migrator {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: FOLDER,
    import: (file) => import(pathToFileURL(file).href),
  })
  return new Migrator({ db, provider })
}
