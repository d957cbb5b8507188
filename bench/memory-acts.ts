import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DASHBOARD = readFileSync(
  join(import.meta.dirname, '../test/graphql/documents/dashboard.graphql'),
  'utf8',
)
const SUBSCRIBED_MS = 2000
// So many different requests of each kind: what is kept of them has a bound, and reaches it.
const VARIANTS = 40
const PAGES = 10

/** Who asks, and whom. */
export interface Client {
  url: string
  key: string
  accountIds: readonly string[]
}

/** Something that a client does. Throws unless it ends as it should. */
export type Act = (client: Client, turn: number) => Promise<void>

// One round of what clients do: mostly reading, and some of everything else.
const ROUND: readonly Act[] = [
  ...Array.from({ length: 10 }, () => readDashboard),
  ...Array.from({ length: 4 }, () => readPage),
  ...[refreshAccount, follow, askNonsense, sendGarbage, missPage, showWrongKey],
]

/** What clients do for the so-manieth time. */
export function actIn(turn: number): Act {
  return ROUND[turn % ROUND.length] ?? readDashboard
}

async function readDashboard(client: Client, turn: number): Promise<void> {
  const variables = { first: 1 + (turn % VARIANTS) }
  await expectStatus(200, await askGraph(client, { query: DASHBOARD, variables }))
}

async function readPage({ url, key }: Client, turn: number): Promise<void> {
  const path = `/v1/analytics/posts?limit=100&page=${1 + (turn % PAGES)}`
  await expectStatus(200, await fetch(`${url}${path}`, { headers: bearer(key) }))
}

async function refreshAccount(client: Client, turn: number): Promise<void> {
  const query = 'mutation ($id: ID!) { refreshAccount(accountId: $id) { __typename } }'
  const variables = { id: client.accountIds[turn % client.accountIds.length] }
  await expectStatus(200, await askGraph(client, { query, variables }))
}

// Opened, listened to for a while, and left.
async function follow(client: Client): Promise<void> {
  const query = 'subscription { refreshUpdated { status account { handle } } }'
  const signal = AbortSignal.timeout(SUBSCRIBED_MS)
  try {
    const answer = await askGraph(client, { query }, { accept: 'text/event-stream', signal })
    await expectStatus(200, answer)
  } catch (error) {
    if (error !== signal.reason) throw error
  }
}

async function askNonsense(client: Client, turn: number): Promise<void> {
  const query = `{ publications { nonsense${turn % VARIANTS} } }`
  await expectStatus(400, await askGraph(client, { query }))
}

async function sendGarbage({ url, key }: Client): Promise<void> {
  const headers = { ...bearer(key), 'content-type': 'application/json' }
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":' })
  await expectStatus(400, answer)
}

async function missPage({ url, key }: Client, turn: number): Promise<void> {
  const path = `/v1/nothing/${turn % VARIANTS}`
  await expectStatus(404, await fetch(`${url}${path}`, { headers: bearer(key) }))
}

async function showWrongKey(client: Client, turn: number): Promise<void> {
  const wrong = { ...client, key: `wrong_${turn}` }
  await expectStatus(401, await askGraph(wrong, { query: DASHBOARD, variables: { first: 1 } }))
}

function askGraph(
  { url, key }: Client,
  request: object,
  {
    accept = 'application/graphql-response+json',
    signal,
  }: { accept?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...bearer(key), accept, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    ...(signal && { signal }),
  })
}

function bearer(key: string): { authorization: string } {
  return { authorization: `Bearer ${key}` }
}

async function expectStatus(status: number, answer: Response): Promise<void> {
  const text = await answer.text()
  if (answer.status === status) return
  throw new Error(`${answer.url} answered with ${answer.status} in place of ${status}: ${text}`)
}
