import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { generateApi } from 'swagger-typescript-api'
import { expect, test } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { importInto } from '../support/importing.ts'
import { temporaryFolder } from '../support/weir.ts'
import { ACCOUNTS, fill, POSTS } from './dravo/documented.ts'
import { fillExample, POST_ID } from './mosaic/published.ts'
import { ACCOUNT, EXAMPLE_RECORDS } from './tokportal/documented.ts'
import { connect } from './unipost/connected.ts'

const COMPILER = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
const run = promisify(execFile)

/** What somebody writes who has the client: it compiles only if the fields are of these types. */
const READER = `
import { Api, type TokPortalVideo } from './client.mjs'

type Key = string

export async function readAll(baseUrl: string, key: Key, [post, account]: [string, string]) {
  const secured = { baseApiParams: { secure: true } }
  const securityWorker = (token: Key | null) => ({ headers: { authorization: 'Bearer ' + token } })
  const client = new Api<Key>({ baseUrl, ...secured, securityWorker })
  client.setSecurityData(key)
  const { v1, social, api } = client
  const accounts = await v1.dravoAccounts({ platform: 'facebook', refresh: false, limit: 1 })
  const posts = await v1.dravoPosts({ postId: 'post_2a7f93', page: 1 })
  const metrics = await v1.unipostAccountMetrics('sa_1')
  const analytics = await social.mosaicPostAnalytics(post)
  const totals = await api.tokportalAccountAnalytics(account)
  const wished = await api.tokportalRefreshAnalytics(account, {})
  const availability = await api.tokportalCanRefresh(account)
  const videos = await api.tokportalAccountVideos(account, { sort_by: 'views', per_page: 1 })
  const [first]: TokPortalVideo[] = videos.data.data
  const video = await api.tokportalVideoAnalytics(first?.id ?? '')
  // @ts-expect-error: a number is no text.
  const text: string = video.data.data.views
  const handle: string | null | undefined = accounts.data.items[0]?.handle
  const numbers: Record<string, number> = posts.data.overview.metrics
  const followers: number = metrics.data.data.follower_count
  const likes: number | null = analytics.data.analytics.totals.likes
  const rate: number | null = totals.data.data.average_engagement_rate
  const status: 'scrape_queued' | 'refreshed' = wished.data.data.status
  const can: boolean = availability.data.data.can_refresh
  const pages: number = videos.data.pagination.total_pages
  return { handle, numbers, followers, likes, rate, status, can, pages, views: text }
}
`

type ReadAll = (
  baseUrl: string,
  key: string,
  ids: [post: string, account: string],
) => Promise<Record<string, unknown>>

test('a client that is made from the document compiles, and reads every endpoint', async () => {
  await using gateway = await startGateway({ isServing: true, isWorker: false })
  await fillAll(gateway)
  const baseUrl = gateway.app.url ?? ''
  const readAll = await compiled(`${baseUrl}/openapi.json`)
  const answers = await readAll(baseUrl, gateway.key, [POST_ID, ACCOUNT])
  expect(answers).toEqual({
    ...{ handle: 'Dravo', likes: expect.any(Number), followers: expect.any(Number) },
    numbers: { views: 1240, reach: 980, likes: 84, comments: 6, shares: 12 },
    ...{ rate: 9.97, status: 'scrape_queued', can: false, pages: 15, views: 145_000 },
  })
}, 60_000)

async function compiled(url: string): Promise<ReadAll> {
  const { files } = await generateApi({ url, output: false, silent: true })
  const [client] = files
  const folder = temporaryFolder()
  await writeFile(join(folder, 'client.mts'), client?.fileContent ?? '')
  await writeFile(join(folder, 'reader.mts'), READER)
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--types', '']
  // What it has to say of the client, it prints.
  const words = [COMPILER, ...options, 'reader.mts']
  const { stdout } = await run(process.execPath, words, { cwd: folder }).catch((error) => error)
  expect(stdout).toBe('')
  const { readAll } = await import(pathToFileURL(join(folder, 'reader.mjs')).href)
  return readAll
}

async function fillAll(gateway: Gateway): Promise<void> {
  const [, facebook] = ACCOUNTS
  await fill(gateway, [...POSTS, ...(facebook ? [facebook] : [])])
  await fillExample(gateway)
  const { problems } = await importInto(gateway.db, EXAMPLE_RECORDS)
  expect(problems).toEqual([])
  await connect(gateway, 'x', { localId: 'sa_1' })
}
