import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendBlindly } from '../support/blind-client.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { ATTACKS } from './attacks.ts'

const WITHIN_MS = 1000
const QUERY = JSON.stringify({ query: '{ workspace { id } }' })

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ isWorker: false, isServing: true })
  await post(QUERY)
})
afterAll(() => gateway[Symbol.asyncDispose]())

async function post(body: string | ReadableStream, authorization = `Bearer ${gateway.key}`) {
  const startedAt = performance.now()
  const response = await fetch(`${gateway.app.url}/graphql`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body,
    ...(typeof body !== 'string' && { duplex: 'half' }),
  })
  const { data, errors } = await response.json()
  const durationMs = performance.now() - startedAt
  return { status: response.status, data, errors, durationMs }
}

/** What is posted again when the machine had something else to do. */
async function postPromptly(send: () => ReturnType<typeof post>) {
  for (let tries = 1; ; tries += 1) {
    const answer = await send()
    if (answer.durationMs < WITHIN_MS) return answer
    if (tries === 3) throw new Error(`It took ${answer.durationMs} ms.`)
  }
}

describe.each(ATTACKS)('$name', ({ body, status, code, says }) => {
  test('is refused within a second, with a reason, before anything is read', async () => {
    await post(QUERY)
    gateway.heard.length = 0
    const answer = await postPromptly(() => post(body))
    expect([answer.status, answer.errors[0].extensions.code]).toEqual([status, code])
    expect(answer.errors[0].message).toMatch(says)
    expect(answer.errors[0].message.length).toBeLessThan(1200)
    expect([answer.data ?? null, answer.errors.length]).toEqual([null, 1])
    expect(gateway.heard.filter((sql) => !sql.includes('api_key'))).toEqual([])
    expect(gateway.logged).toEqual([])
  })
})

const FIVE_MB = 5 * 1024 * 1024

function streamOf(bytes: number): ReadableStream {
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close()
      left -= 65_536
      controller.enqueue(new Uint8Array(65_536).fill(32))
    },
  })
}

test.each([
  ['that tells its length', () => 'x'.repeat(FIVE_MB)],
  ['that does not', () => streamOf(FIVE_MB)],
])('a body of 5 MB %s is refused within a second', async (_what, body) => {
  for (const authorization of [`Bearer ${gateway.key}`, 'Bearer none']) {
    const answer = await postPromptly(() => post(body(), authorization))
    expect([401, 413]).toContain(answer.status)
    expect(answer.errors[0].message.length).toBeGreaterThan(0)
  }
})

test.each([
  ['tells its length', `content-length: ${FIVE_MB}\r\n\r\n`],
  ['tells its length and is the last', `connection: close\r\ncontent-length: ${FIVE_MB}\r\n\r\n`],
  ['does not', `transfer-encoding: chunked\r\n\r\n${FIVE_MB.toString(16)}\r\n`],
  [
    'does not, and is the last',
    `connection: close\r\ntransfer-encoding: chunked\r\n\r\n${FIVE_MB.toString(16)}\r\n`,
  ],
])(
  'whoever sends all of a body of 5 MB first, which %s, is told why it is refused',
  async (_, more) => {
    const key = `authorization: Bearer ${gateway.key}\r\n`
    const head = `POST /graphql HTTP/1.1\r\nhost: weir\r\n${key}content-type: application/json\r\n${more}`
    const end = more.includes('chunked') ? '\r\n0\r\n\r\n' : ''
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(FIVE_MB, 'x'), Buffer.from(end)])
    for (let turn = 0; turn < 5; turn += 1) {
      const answer = await sendBlindly(gateway.app.url ?? '', bytes)
      expect(answer).toMatch(/^HTTP\/1\.1 413 .*The body is larger than 262144 bytes, the most/s)
    }
  },
)
