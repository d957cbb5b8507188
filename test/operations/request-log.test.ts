import { expect, onTestFinished, test } from 'vitest'
import { NO_TRACE } from '../../src/domain/trace.ts'
import { createRequestScopes } from '../../src/http/request-scope.ts'
import { createLog } from '../../src/log.ts'
import { VENDORS } from '../../src/rest/facades.ts'
import { type Gateway, startGateway, WORKSPACE } from '../support/gateway.ts'

interface Line {
  level: string
  message: string
  requestId: string
  [field: string]: unknown
}

/** A gateway that listens, and the lines of its log. */
async function start(logsRequests: 'on' | 'off') {
  const requests = createRequestScopes('p')
  const lines: Line[] = []
  const log = createLog('info', (line) => lines.push(JSON.parse(line)), requests)
  const gateway = await startGateway({
    ...{ isServing: true, environment: { WEIR_LOG_REQUESTS: logsRequests } },
    ...{ log, watching: { trace: NO_TRACE, requests } },
  })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${gateway.key}`, ...init.headers }
    const response = await fetch(`${gateway.app.url}${path}`, { ...init, headers })
    return {
      status: response.status,
      id: response.headers.get('x-request-id'),
      text: await response.text(),
    }
  }
  const json = { 'content-type': 'application/json' }
  const query = (text: string, headers = {}) =>
    ask('/graphql', {
      ...{ method: 'POST', headers: { ...json, ...headers } },
      body: JSON.stringify({ query: text }),
    })
  return { gateway, lines, ask, query }
}

/** Has every read fail until the test is over. */
async function hideTables({ db }: Gateway): Promise<void> {
  const rename = async (from: string, to: string) => {
    for (const name of ['account', 'post', 'publication']) {
      await db.schema
        .alterTable(name + from)
        .renameTo(name + to)
        .execute()
    }
  }
  await rename('', '_away')
  onTestFinished(() => rename('_away', ''))
}

test('a request is one line: where it went, what came of it, and of whom it was', async () => {
  const { gateway, lines, ask, query } = await start('on')
  const { key } = gateway
  await query('{ accounts { nodes { id } } }', { 'x-request-id': 'mine-1' })
  await ask(`/nowhere?key=${key}`)
  await expect.poll(() => lines.filter(({ message }) => message === 'request')).toHaveLength(2)
  const told = lines.map(({ time, ...line }) => line)
  expect(told).toEqual([
    {
      ...{ level: 'info', message: 'request', requestId: 'mine-1', method: 'POST', status: 200 },
      ...{ surface: 'graphql', path: '/graphql', workspaceId: WORKSPACE },
      ...{ keyId: expect.any(String), durationMs: expect.any(Number) },
    },
    {
      ...{ level: 'info', message: 'request', requestId: 'p-1', method: 'GET', status: 404 },
      ...{ surface: 'other', path: '/nowhere', workspaceId: null, keyId: null },
      durationMs: expect.any(Number),
    },
  ])
  expect(JSON.stringify(lines)).not.toContain(key)
})

test('an id is in the answer of every surface, and is the client’s own where it brought one', async () => {
  const { gateway, ask, query } = await start('off')
  const prefixes = gateway.app.rest.prefixes
  for (const path of ['/healthz', '/readyz', '/nowhere', ...prefixes.map((each) => `${each}/1`)]) {
    const { id } = await ask(path, { headers: { 'x-request-id': 'mine' } })
    expect([path, id]).toEqual([path, 'mine'])
    expect((await ask(path)).id).toMatch(/^[\w.=-]+$/)
  }
  expect((await query('{ __typename }', { 'x-request-id': 'mine' })).id).toBe('mine')
  expect((await query('{ __typename }')).id).toMatch(/^p-/)
})

test('what went wrong is logged under the id that the caller was told', async () => {
  const { gateway, lines, query } = await start('off')
  await hideTables(gateway)
  const { id, text } = await query('{ accounts { nodes { id } } }')
  const { errors } = JSON.parse(text)
  expect(errors[0].extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', requestId: id })
  const [line, ...more] = lines.filter(({ level }) => level === 'error')
  expect(more).toEqual([])
  expect(line).toMatchObject({ requestId: id, workspaceId: WORKSPACE, keyId: expect.any(String) })
})

test('so it is on every surface, whatever its ids look like', async () => {
  const { gateway, lines, ask } = await start('off')
  await hideTables(gateway)
  for (const { sample } of VENDORS) {
    const { status, id } = await ask(sample)
    expect([sample, status]).toEqual([sample, 500])
    const line = lines.findLast(({ level }) => level === 'error')
    expect(line).toMatchObject({ requestId: id, workspaceId: WORKSPACE })
  }
})

test('requests are no lines unless they are asked for', async () => {
  const { lines, ask } = await start('off')
  await ask('/healthz')
  await ask('/nowhere')
  expect(lines).toEqual([])
})
