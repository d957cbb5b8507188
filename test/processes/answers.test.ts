import { expect, test } from 'vitest'
import { createApiKey } from '../../src/auth/keys.ts'
import { STALE_MS_MAX } from '../../src/domain/data-version.ts'
import { type Deployment, openDeployment, type Server } from '../support/deployment.ts'
import { addWorkspace } from '../support/gateway.ts'

const WRITES = 60
const METRICS_TOKEN = 'metrics-token-of-the-test'
const READ = '{ posts { totalCount } }'
const WRITE = /* GraphQL */ `
  mutation ($id: String!) {
    recordPost(input: {
      localId: $id, publications: [{ accountId: "acc-0", platformPostId: $id }]
    }) { __typename }
  }
`

/** What is known of the writes so far: when each was answered, by which process, as of what. */
interface Written {
  at: number
  by: Server
  version: number
}

interface Sent {
  headers?: Record<string, string>
  variables?: object
}

async function send({ url }: Server, query: string, { headers, variables }: Sent) {
  const body = JSON.stringify({ query, variables })
  const response = await fetch(url, { method: 'POST', headers: { ...headers }, body })
  const { data, errors } = await response.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return { data, version: Number(response.headers.get('weir-version')) }
}

async function serveTwo(deployment: Deployment): Promise<[Server, Server]> {
  const environment = {
    WEIR_METRICS_TOKEN: METRICS_TOKEN,
    WEIR_RATE_GRAPHQL_COST_PER_MINUTE: '1000000000',
  }
  const [one, other] = await deployment.serve(2, { words: ['--no-worker'], environment })
  if (!one || !other) throw new Error('Two were asked for.')
  return [one, other]
}

async function hitsOf({ url }: Server): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
  const text = await (await fetch(new URL('/metrics', url), { headers })).text()
  return Number(/^weir_answer_cache_hits_total (\d+)$/m.exec(text)?.[1])
}

/** Reads until there is nothing to wait for; answers how many reads were older than they may be. */
async function read(reader: Server, written: Written[], mayBe: Reader): Promise<string[]> {
  const wrong: string[] = []
  while (written.length < WRITES) {
    const startedAt = performance.now()
    const known = written.filter((write) => mayBe.known(write, startedAt)).length
    const headers = { ...mayBe.headers(), 'content-type': 'application/json' }
    const { data, version } = await send(reader, READ, { headers })
    const count = data.posts.totalCount
    if (count < known) wrong.push(`${count} of ${known} at version ${version}`)
  }
  return wrong
}

interface Reader {
  /** Whether a read that starts at a time has to hold a write. */
  known(write: Written, startedAt: number): boolean
  headers(): Record<string, string>
}

test('two processes never answer from before what a client may know', async () => {
  await using deployment = await openDeployment({ accounts: 1 })
  const [one, other] = await serveTwo(deployment)
  const written: Written[] = []
  const latest = () => Math.max(0, ...written.map(({ version }) => version))
  const plain = () => deployment.headers
  const knowing = () => ({ ...deployment.headers, 'weir-version': String(latest()) })
  const own = (reader: Server): Reader => ({ known: ({ by }) => by === reader, headers: plain })
  const late = {
    known: (write: Written, at: number) => write.at < at - STALE_MS_MAX,
    headers: plain,
  }
  const told = { known: () => true, headers: knowing }
  const reads = [one, other].flatMap((reader) =>
    [own(reader), late, told].map((mayBe) => read(reader, written, mayBe)),
  )
  for (let n = 0; n < WRITES; n++) {
    // Whose turn it is follows no order that the readers could fall into.
    const by = (n * 7919) % 13 < 6 ? one : other
    const variables = { id: `post-${n}` }
    const { version } = await send(by, WRITE, { headers: deployment.headers, variables })
    written.push({ at: performance.now(), by, version })
  }
  expect((await Promise.all(reads)).flat()).toEqual([])
  expect(Math.min(await hitsOf(one), await hitsOf(other))).toBeGreaterThan(20)
}, 120_000)

test('and never with what another workspace has', async () => {
  await using deployment = await openDeployment({ accounts: 1 })
  const [one, other] = await serveTwo(deployment)
  await addWorkspace(deployment.db, 'empty', new Date())
  const request = { id: 'k2', name: 'k', prefix: 'test', scopes: [], expiresAt: null }
  const key = await createApiKey(deployment.db, 'empty', {
    ...request,
    scopes: ['analytics:read', 'workspace:manage'],
    createdAt: new Date(),
  })
  const theirs = { ...deployment.headers, authorization: `Bearer ${key?.text}` }
  const query = '{ workspace { name } posts { totalCount } }'
  await send(one, WRITE, { headers: deployment.headers, variables: { id: 'post' } })
  for (let n = 0; n < 40; n++) {
    const server = n % 2 === 0 ? one : other
    const { data } = await send(server, query, {
      headers: n % 3 === 0 ? theirs : deployment.headers,
    })
    const [name, totalCount] = n % 3 === 0 ? ['empty', 0] : ['W', 1]
    expect(data).toEqual({ workspace: { name }, posts: { totalCount } })
  }
}, 60_000)
