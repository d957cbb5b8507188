import { expect, onTestFinished, test } from 'vitest'
import { openTestStore } from '../support/database.ts'
import { startWeir } from '../support/weir.ts'

test('a worker tells of itself, of its connections and of the queues on the port of its metrics', async () => {
  const store = await openTestStore({ backend: 'postgres' })
  onTestFinished(() => store.close())
  const worker = startWeir(['worker'], {
    ...{ DATABASE_URL: store.databaseUrl ?? '', WEIR_METRICS_PORT: '0' },
    WEIR_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'),
  })
  const [, url = ''] = await worker.until(/"url":"(.*)\/metrics"/, 'errors')
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const text = await (await fetch(`${url}/metrics`)).text()
  expect(text).toContain('weir_database_connections_max 10\n')
  expect(text).toMatch(/^weir_database_connections\{state="idle"\} [1-9]$/m)
  expect(text.match(/^weir_queue_jobs\{platform="\w+",state="ready"\} 0$/gm)).toHaveLength(6)
  expect(text).toContain('weir_scrape_failures_total 0\n')
  expect(await worker.stop()).toBe(0)
}, 120_000)

test('a port that is taken stops the start with a line that names its variable', async () => {
  const store = await openTestStore({ backend: 'postgres' })
  onTestFinished(() => store.close())
  const environment = {
    DATABASE_URL: store.databaseUrl ?? '',
    WEIR_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'),
  }
  const first = startWeir(['worker'], { ...environment, WEIR_METRICS_PORT: '0' })
  const [, port = ''] = await first.until(/"url":"http:.*:(\d+)\/metrics"/, 'errors')
  const second = startWeir(['worker'], { ...environment, WEIR_METRICS_PORT: port })
  expect(await second.exit()).toBe(1)
  expect(second.errors).toContain(`WEIR_METRICS_PORT: port ${port} on 127.0.0.1 is taken`)
  await first.stop()
}, 120_000)
