import { openStore } from '../../src/store/connect.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { insertPosts } from '../../src/store/posts.ts'
import { insertWorkspace } from '../../src/store/workspaces.ts'

// Started as a process of its own: writes rows to the embedded database in the folder that it is
// given for as long as it lives, and prints the id of each one that is committed.
const store = await openStore({ databaseUrl: null, dataDir: process.argv[2] ?? '', poolMax: 1 })
await migrateToLatest(store)
const createdAt = new Date(0)
await insertWorkspace(store.db, {
  id: 'w',
  name: 'W',
  refreshCooldownHours: null,
  refreshMonthlyQuota: null,
  createdAt,
})
for (let number = 1; ; number++) {
  const id = `post-${number}`
  await store.db
    .transaction()
    .execute((db) => insertPosts(db, 'w', [{ id, text: 'x'.repeat(20_000), createdAt }]))
  process.stdout.write(`${id}\n`)
}
