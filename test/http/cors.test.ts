import { expect, onTestFinished, test } from 'vitest'
import { allowOrigins } from '../../src/http/cors.ts'
import { startHttpServer } from '../../src/http/server.ts'

const APP = 'https://app.example.com'

async function serve(origins: string[]) {
  const asked: string[] = []
  const listener = allowOrigins(origins, (request, response) => {
    asked.push(request.method ?? '')
    response.writeHead(401, { 'content-type': 'application/json' }).end('{}')
  })
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, home: '/graphql', routes: { '/graphql': listener } },
    ...{ requestTimeoutMs: 5000, stopTimeoutMs: 5000 },
    log: { info() {}, warn() {}, error() {} },
  })
  onTestFinished(() => server.stop())
  const ask = async (method: string, headers: Record<string, string>) => {
    const { status, headers: answered } = await fetch(`${server.url}/graphql`, { method, headers })
    const cors = [...answered].filter(([name]) => /^access-control-|^vary$/.test(name))
    return { status, cors: Object.fromEntries(cors) }
  }
  return { ask, asked }
}

test('without origins, nothing is allowed to other sites', async () => {
  const { ask } = await serve([])
  expect(await ask('POST', { origin: APP })).toEqual({ status: 401, cors: {} })
  const preflight = { origin: APP, 'access-control-request-method': 'POST' }
  expect(await ask('OPTIONS', preflight)).toEqual({ status: 401, cors: {} })
})

test('a page of an allowed origin may read answers, refusals included; others may not', async () => {
  const { ask } = await serve([APP, 'http://localhost:3000'])
  for (const origin of [APP, 'http://localhost:3000']) {
    expect(await ask('POST', { origin })).toEqual({
      status: 401,
      cors: {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'ETag, Retry-After, Weir-Version, X-Request-Id',
        vary: 'Origin',
      },
    })
  }
  for (const origin of ['https://evil.example.com', 'null', 'https://app.example.com.evil.test']) {
    expect(await ask('POST', { origin })).toEqual({ status: 401, cors: { vary: 'Origin' } })
  }
})

test('a preflight of an allowed origin is answered without a key; others go the usual way', async () => {
  const { ask, asked } = await serve([APP])
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  }
  expect(await ask('OPTIONS', { ...preflight, origin: APP })).toEqual({
    status: 204,
    cors: {
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-origin': APP,
      'access-control-max-age': '600',
      vary: 'Origin, Access-Control-Request-Headers',
    },
  })
  expect(asked).toEqual([])
  expect((await ask('OPTIONS', { ...preflight, origin: 'https://b.test' })).status).toBe(401)
  expect((await ask('OPTIONS', { origin: APP })).status).toBe(401)
})
