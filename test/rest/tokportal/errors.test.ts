import { describe, expect, test } from 'vitest'
import { createApiKey } from '../../../src/auth/keys.ts'
import { SCOPES } from '../../../src/auth/scopes.ts'
import { revokeApiKey } from '../../../src/store/api-keys.ts'
import { addWorkspace, type Gateway, WORKSPACE } from '../../support/gateway.ts'
import {
  ACCOUNT,
  accountPath,
  ask,
  ENDPOINTS,
  SCRAPED_AT,
  STALE_RECORDS,
  startFilled,
} from './documented.ts'

const VERSION = {
  'x-tokportal-api-version': '2026-05-25',
  'x-tokportal-api-stability': 'stable',
}

async function keyOf({ db }: Gateway, id: string, expiresAt: Date | null = null): Promise<string> {
  const request = { id, name: id, prefix: 'sk', scopes: SCOPES, createdAt: SCRAPED_AT, expiresAt }
  const created = await createApiKey(db, WORKSPACE, request)
  if (!created) throw new Error('There is no such workspace.')
  return created.text
}

/** The two ways to show a key. */
const shown = (key: string): HeadersInit[] => [
  { 'x-api-key': key },
  { authorization: `Bearer ${key}` },
]

const codeOf = ({ body }: { body: unknown }) => (body as { error: { code: string } }).error.code

describe.each(ENDPOINTS)('%s %s', (method, path) => {
  test('is 401 without a key that is good, and says why', async () => {
    await using gateway = await startFilled()
    const none = await gateway.app.rest.fetch(new Request(`http://gateway.test${path}`, { method }))
    const answer = { status: none.status, headers: none.headers, body: await none.json() }
    expect([answer.status, codeOf(answer)]).toEqual([401, 'AUTH_MISSING_KEY'])
    const revoked = await keyOf(gateway, 'revoked')
    await revokeApiKey(gateway.db, WORKSPACE, 'revoked', SCRAPED_AT)
    const expired = await keyOf(gateway, 'expired', SCRAPED_AT)
    for (const [key, code] of [
      ['sk_wrong', 'AUTH_INVALID_KEY'],
      [expired, 'AUTH_INVALID_KEY'],
      [revoked, 'AUTH_REVOKED_KEY'],
    ] as const) {
      for (const headers of shown(key)) {
        const refused = await ask(gateway, path, { method, headers })
        expect([refused.status, codeOf(refused)]).toEqual([401, code])
        expect(refused.headers.has('x-ratelimit-limit')).toBe(false)
      }
    }
  })

  test('is answered to a key in either header', async () => {
    await using gateway = await startFilled()
    const { key } = gateway
    for (const headers of shown(key)) {
      expect((await ask(gateway, path, { method, headers })).status).toBe(200)
    }
    const both = { 'x-api-key': 'sk_wrong', authorization: `Bearer ${key}` }
    expect((await ask(gateway, path, { method, headers: both })).status).toBe(401)
  })

  test('is 403 to a key without the scope', async () => {
    await using gateway = await startFilled()
    const scope = method === 'POST' ? 'analytics:refresh' : 'analytics:read'
    const others = SCOPES.filter((each) => each !== scope)
    const headers = { 'x-api-key': await gateway.keyWith(others) }
    const { status, body } = await ask(gateway, path, { method, headers })
    const message = `The API key lacks the scope ${scope}.`
    const error = { code: 'AUTH_INSUFFICIENT_SCOPE', message, details: { scope } }
    expect([status, body]).toEqual([403, { error }])
  })

  test('is 404 for an id that is unknown here, and for one of another workspace', async () => {
    await using gateway = await startFilled()
    await addWorkspace(gateway.db, 'ws_other', SCRAPED_AT)
    const headers = { 'x-api-key': await gateway.keyWith([...SCOPES], 'ws_other') }
    const of = (id: string) => path.replace(/(accounts|videos)\/[^/]+/, `$1/${id}`)
    const text = async (given: string) => {
      const response = await gateway.rest(given, { method, headers })
      expect(response.status).toBe(404)
      return response.text()
    }
    const theirs = await text(path)
    const code = path.includes('/accounts/') ? 'ACCOUNT_NOT_FOUND' : 'VIDEO_ANALYTICS_NOT_FOUND'
    expect(JSON.parse(theirs)).toMatchObject({ error: { code } })
    for (const id of ['nowhere', '%00', '%zz', '%F0%9F%8D%8A', 'a'.repeat(600)]) {
      expect(await text(of(id))).toBe(theirs)
    }
  })

  test('is 405 with another method', async () => {
    await using gateway = await startFilled()
    for (const other of ['PUT', 'PATCH', 'DELETE', method === 'POST' ? 'GET' : 'POST']) {
      const { status, headers, body } = await ask(gateway, path, { method: other })
      expect([status, codeOf({ body })]).toEqual([405, 'METHOD_NOT_ALLOWED'])
      expect(headers.get('allow')).toContain(method)
    }
  })

  test('is 429 to a key that asks too often, with when to ask again', async () => {
    const environment = { WEIR_RATE_TOKPORTAL_PER_MINUTE: '1' }
    await using gateway = await startFilled(STALE_RECORDS, { environment })
    expect((await ask(gateway, path, { method })).status).toBe(200)
    const { status, headers, body } = await ask(gateway, path, { method })
    const message = 'Too many requests. Please slow down.'
    const details = { retry_after_seconds: 60 }
    expect([status, body]).toEqual([
      429,
      { error: { code: 'RATE_LIMIT_EXCEEDED', message, details } },
    ])
    expect(headers.get('retry-after')).toBe('60')
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
  })

  test('is 500 when something breaks, and tells nothing of it', async () => {
    await using gateway = await startFilled()
    const table = path.includes('/accounts/') ? 'account' : 'video'
    await gateway.db.schema.alterTable(table).renameTo('gone').execute()
    const { status, body } = await ask(gateway, path, { method })
    await gateway.db.schema.alterTable('gone').renameTo(table).execute()
    const message = 'Something broke. Try again later.'
    expect([status, body]).toEqual([500, { error: { code: 'INTERNAL_ERROR', message } }])
    expect(gateway.logged).toMatchObject([{ message: 'request failed' }])
  })

  test('has the vendor’s headers', async () => {
    await using gateway = await startFilled()
    const { headers } = await ask(gateway, path, { method })
    expect(Object.fromEntries(headers)).toMatchObject({
      ...VERSION,
      ...{ 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '119' },
      'x-ratelimit-reset': String(Math.ceil((SCRAPED_AT.getTime() + 500) / 1000)),
      'x-tokportal-request-id': expect.stringMatching(/^req_[0-9a-f]{32}$/),
    })
    const named = await ask(gateway, path, { method, headers: { 'x-request-id': 'mine-1' } })
    expect(named.headers.get('x-tokportal-request-id')).toBe('mine-1')
  })
})

test.each([
  '/api/ext/',
  '/api/ext/accounts',
  `/api/ext/accounts/${ACCOUNT}`,
  '/api/ext/accounts//analytics',
  accountPath('/'),
  '/api/ext/%zz',
])('an unknown path is answered in the envelope, with the headers: %s', async (path) => {
  await using gateway = await startFilled()
  const { status, body, headers } = await ask(gateway, path)
  const message = 'There is nothing at this path.'
  expect([status, body]).toEqual([404, { error: { code: 'NOT_FOUND', message } }])
  expect(Object.fromEntries(headers)).toMatchObject(VERSION)
  expect(headers.get('x-tokportal-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
})

test('a repeated wish for an account that cannot be one is refused like any other', async () => {
  await using gateway = await startFilled()
  const headers = { 'idempotency-key': 'k' }
  const path = accountPath('/refresh', 'a%00b')
  expect((await ask(gateway, path, { method: 'POST', headers })).status).toBe(404)
})

test('a wish for a refresh is answered whatever its asker has seen before', async () => {
  await using gateway = await startFilled(STALE_RECORDS)
  const headers = { 'if-none-match': '*' }
  const { status, headers: given } = await ask(gateway, accountPath('/refresh'), {
    ...{ method: 'POST', headers },
  })
  expect([status, given.has('etag')]).toEqual([200, false])
})

test('an answer that has not changed is not sent again, and counts all the same', async () => {
  await using gateway = await startFilled()
  const first = await ask(gateway, accountPath(''))
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
  const again = await gateway.rest(accountPath(''), { headers })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect(Object.fromEntries(again.headers)).toMatchObject({
    ...VERSION,
    'x-ratelimit-remaining': '118',
  })
})
