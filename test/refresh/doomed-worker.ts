// A worker of its own process that says when it reads, and never gets an answer.
import { v7 } from 'uuid'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import { startWorker } from '../../src/refresh/worker.ts'
import { openStore } from '../../src/store/connect.ts'
import { openJobs } from '../../src/store/jobs.ts'
import { fakePlatform } from './fake-platform.ts'

const [databaseUrl = '', secretKey = ''] = process.argv.slice(2)
const log = { info: () => {}, warn: () => {}, error: console.error }
const now = () => new Date()
const store = await openStore({ databaseUrl, dataDir: null, poolMax: 4 })
const jobs = await openJobs(store, { now, log })
const platform = fakePlatform()
platform.before = async () => {
  console.log('reading')
  await new Promise(() => {})
}
await startWorker({
  db: store.db,
  jobs,
  connectors: { tiktok: platform.connector },
  cipher: createTokenCipher(Buffer.from(secretKey, 'base64')),
  now,
  newId: v7,
  limits: REFRESH_LIMITS,
  log,
})
