import { expect, test } from 'vitest'
import { instantText } from '../../src/rest/facade.ts'
import { startGateway } from '../support/gateway.ts'
import { ACCOUNTS, fill } from './dravo/documented.ts'

const PATH = '/v1/analytics/accounts'

test('an answer that has not changed is not sent again', async () => {
  await using gateway = await startGateway()
  await fill(gateway, ACCOUNTS)
  const first = await gateway.rest(PATH)
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]+"$/)
  expect(first.headers.get('cache-control')).toBe('private, no-cache')
  const again = await gateway.rest(PATH, { headers: { 'if-none-match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect(again.headers.get('etag')).toBe(etag)
  expect(again.headers.get('x-request-id')).not.toBeNull()
  const other = await gateway.rest(`${PATH}?limit=1`, { headers: { 'if-none-match': etag } })
  expect(other.status).toBe(200)
})

test('HEAD answers what GET does, without the body', async () => {
  await using gateway = await startGateway()
  const response = await gateway.rest(PATH, { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect(response.headers.get('etag')).toMatch(/^"/)
})

test.each([
  ['mine_1-a', 'mine_1-a'],
  ['<script>', null],
  ['a'.repeat(129), null],
])('the request id %s of a client is echoed when it is one', async (given, echoed) => {
  await using gateway = await startGateway()
  const { headers } = await gateway.rest(PATH, { headers: { 'x-request-id': given } })
  const id = headers.get('x-request-id')
  if (echoed === null) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  else expect(id).toBe(echoed)
})

test('instants have whole seconds', () => {
  expect(instantText(new Date('2026-06-29T09:00:00.999Z'))).toBe('2026-06-29T09:00:00Z')
})
