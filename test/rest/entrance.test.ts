import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { RestOptions } from '../../src/rest/rest.ts'
import { openRest } from './opened.ts'

const away = async () => {
  throw new Error('The database is away.')
}
const principal = { workspaceId: 'w', keyId: 'key', scopes: ['analytics:read'] as const }

async function get(path: string, more: Partial<RestOptions>, logged: object[]) {
  const server = createServer(openRest(logged, more).listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { authorization: 'Bearer key' },
  })
  const answer = { status: response.status, body: await response.json() }
  server.close()
  return answer
}

test.each<[string, Partial<RestOptions>]>([
  ['whose a key is', { authenticator: { check: away } }],
  [
    'which data there is',
    {
      authenticator: { check: async () => ({ kind: 'good', principal }) },
      versions: {
        ...{ current: () => null, read: away, readWritten: async () => null },
        ...{ isHeard: () => false, close: () => {} },
      },
    },
  ],
])('a database that does not say %s is told of in the API’s own words', async (_what, more) => {
  const logged: object[] = []
  const { status, body } = await get('/v1/analytics/posts', more, logged)
  const usual = await openRest([], more).fetch(
    new Request('http://localhost/v1/analytics/posts', {
      headers: { authorization: 'Bearer key' },
    }),
  )
  expect({ status, body }).toEqual({ status: 500, body: await usual.json() })
  expect(logged).toHaveLength(1)
})
