import { exec } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { PLATFORMS } from '../../src/domain/platform.ts'
import { VENDORS } from '../../src/rest/facades.ts'
import { startWeir, temporaryFolder, type WeirProcess } from '../support/weir.ts'

const run = promisify(exec)
const ACCOUNT = 'acc_tarnandtide_tiktok'

async function startDemo(dataDir: string, environment: Record<string, string> = {}) {
  // Numbers move when the test has them refreshed, and not before.
  const given = { WEIR_DATA_DIR: dataDir, WEIR_SCHEDULER: 'off', ...environment }
  const weir = startWeir(['serve'], given)
  const [, url = ''] = await weir.until(/GraphiQL +(\S+)\/graphql\n/)
  const [, key = ''] = await weir.until(/API key +(\S+)\n/)
  const [curl] = await weir.until(/^curl .*$/m)
  return { weir, url, key, curl, ask: askerOf(url, key) }
}

type Demo = Awaited<ReturnType<typeof startDemo>>

function askerOf(url: string, key: string) {
  return async (query: string) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ query })
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
    return (await answer.json()) as { data: Record<string, Record<string, unknown>> }
  }
}

async function ready(weir: WeirProcess, url: string): Promise<number> {
  await weir.until(/Health/)
  return (await fetch(`${url}/readyz`)).status
}

async function followers({ ask }: Demo): Promise<unknown> {
  const { data } = await ask(`{ account(id: "${ACCOUNT}") { audience { followers } } }`)
  return data['account']?.['audience']
}

async function refreshed({ ask }: Demo): Promise<void> {
  const { data } = await ask(
    `mutation { refreshAccount(accountId: "${ACCOUNT}") { ... on RefreshQueued { refresh { id } } } }`,
  )
  const { id } = Object(data['refreshAccount']?.['refresh'])
  for (;;) {
    const now = await ask(`{ refresh(id: "${id}") { status } }`)
    if (now.data['refresh']?.['status'] === 'SUCCEEDED') return
    expect(['QUEUED', 'RUNNING']).toContain(now.data['refresh']?.['status'])
  }
}

/** A line for each of the REST APIs. */
async function restLines({ weir }: Demo): Promise<string[]> {
  await weir.until(new RegExp(`(^curl -s '.*\\n){${VENDORS.length}}`, 'm'))
  return weir.output.match(/^curl -s '.*$/gm) ?? []
}

test('a first start makes a demo that answers, refreshes and outlives its process', async () => {
  const folder = temporaryFolder()
  const demo = await startDemo(folder)
  expect(await ready(demo.weir, demo.url)).toBe(200)
  // The line works as pasted, and shows real numbers of every platform.
  const { stdout } = await run(demo.curl)
  const { nodes } = JSON.parse(stdout).data.accounts
  const platforms = new Set(nodes.map((node: { platform: string }) => node.platform))
  expect(platforms).toEqual(new Set(PLATFORMS.map((platform) => platform.toUpperCase())))
  for (const { audience } of nodes) expect(audience.followers).toBeGreaterThan(0)
  for (const curl of await restLines(demo)) {
    const answer = JSON.parse((await run(`${curl} --fail-with-body`)).stdout)
    expect([curl, answer]).toEqual([curl, expect.any(Object)])
  }
  const before = await followers(demo)
  await refreshed(demo)
  const after = await followers(demo)
  expect(after).not.toEqual(before)
  // Killed without a warning, it has lost nothing.
  expect(await demo.weir.stop('SIGKILL')).toBeNull()
  const second = await startDemo(folder)
  expect(second.key).toBe(demo.key)
  expect(await followers(second)).toEqual(after)
  expect(await second.weir.stop('SIGTERM')).toBe(0)
  expect(second.weir.errors).toBe('')
}, 120_000)

test('the page has the key of a demo filled in, unless other machines can open it', async () => {
  const folder = temporaryFolder()
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const { weir, url, key } = await startDemo(folder, { WEIR_HOST: host })
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })
    expect([host, (await page.text()).includes(key)]).toEqual([host, host === '127.0.0.1'])
    expect(await weir.stop()).toBe(0)
  }
}, 120_000)

test('a start that was killed half-way is finished by the next one', async () => {
  const folder = temporaryFolder()
  const killed = startWeir(['serve'], { WEIR_DATA_DIR: folder })
  const isMarked = () => existsSync(`${folder}/demo.json`)
  await expect.poll(isMarked, { timeout: 60_000, interval: 5 }).toBe(true)
  await killed.stop('SIGKILL')
  const demo = await startDemo(folder)
  expect(await followers(demo)).toMatchObject({ followers: expect.any(Number) })
}, 120_000)
