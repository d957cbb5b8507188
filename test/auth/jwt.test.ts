import { base64url } from 'jose'
import { expect, test } from 'vitest'
import { createAuthenticator } from '../../src/auth/authenticator.ts'
import type { JwtRules } from '../../src/auth/jwt.ts'
import { openTestStore } from '../support/database.ts'
import { addWorkspace, NOW } from '../support/gateway.ts'
import { AUDIENCE, claimsAt, ISSUER, SECRET, seconds, signed } from '../support/jwt.ts'

const log = { info() {}, warn() {}, error() {} }
const SHARED: JwtRules = { keys: { secret: SECRET }, issuer: ISSUER, audience: AUDIENCE }

async function open(jwt: JwtRules | null = SHARED) {
  const statements: string[] = []
  const store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
  for (const id of ['ws_test', 'ws_other']) await addWorkspace(store.db, id, NOW)
  const clock = { now: NOW }
  const authenticator = createAuthenticator({ db: store.db, jwt, now: () => clock.now, log })
  statements.length = 0
  return {
    ...{ clock, statements, db: store.db },
    check: authenticator.check,
    [Symbol.asyncDispose]: () => store.close(),
  }
}

const later = (count: number) => new Date(NOW.getTime() + count * 1000)

test('a token speaks for its workspace and its subject, with the scopes that are known', async () => {
  await using auth = await open()
  const scope = 'openid analytics:read admin analytics:refresh'
  expect(await auth.check(await signed(claimsAt(NOW, { scope })))).toEqual({
    kind: 'good',
    principal: {
      ...{ workspaceId: 'ws_test', keyId: 'sub:user-1' },
      scopes: ['analytics:read', 'analytics:refresh'],
    },
  })
  const other = await auth.check(await signed(claimsAt(NOW, { workspace_id: 'ws_other' })))
  expect(other).toMatchObject({ principal: { workspaceId: 'ws_other' } })
})

test('a token without a scope may do nothing', async () => {
  await using auth = await open()
  for (const scope of [undefined, '', 'openid']) {
    const verdict = await auth.check(await signed(claimsAt(NOW, { scope })))
    expect(verdict).toMatchObject({ kind: 'good', principal: { scopes: [] } })
  }
})

test('a token may be for several audiences', async () => {
  await using auth = await open()
  const verdict = await auth.check(await signed(claimsAt(NOW, { aud: ['other', AUDIENCE] })))
  expect(verdict.kind).toBe('good')
})

test.each([
  ['of another issuer', { iss: 'https://id.example.com' }],
  ['without an issuer', { iss: undefined }],
  ['for another audience', { aud: 'other' }],
  ['for nobody', { aud: undefined }],
  ['without an end', { exp: undefined }],
  ['with an end that is no number', { exp: '99999999999' }],
  ['that begins later', { nbf: seconds(NOW) + 60 }],
  ['without a subject', { sub: undefined }],
  ['with an empty subject', { sub: '' }],
  ['without a workspace', { workspace_id: undefined }],
  ['with an unknown workspace', { workspace_id: 'ws_none' }],
  ['with a workspace that is no text', { workspace_id: ['ws_test'] }],
  ['with a workspace that no text of the database can be', { workspace_id: 'ws_test\0' }],
  ['with a workspace in another case', { workspace_id: 'WS_TEST' }],
  ['with scopes that are no text', { scope: ['analytics:read'] }],
  ['that is too long', { more: 'x'.repeat(8192) }],
])('a token %s speaks for nobody', async (_, claims) => {
  await using auth = await open()
  expect(await auth.check(await signed(claimsAt(NOW, claims)))).toEqual({ kind: 'unknown' })
})

test('a token ends at its end, give or take the clocks, whatever was believed before', async () => {
  await using auth = await open()
  const token = await signed(claimsAt(NOW, { exp: seconds(NOW) + 2 }))
  const kinds: [number, string][] = []
  for (const at of [0, 2, 6, 7]) {
    auth.clock.now = later(at)
    kinds.push([at, (await auth.check(token)).kind])
  }
  expect(kinds).toEqual([
    [0, 'good'],
    [2, 'good'],
    [6, 'good'],
    [7, 'expired'],
  ])
})

const text = (value: object) => base64url.encode(JSON.stringify(value))

test('a token that nobody signed is refused, however it is written', async () => {
  await using auth = await open()
  const payload = text(claimsAt(NOW))
  const [head = '', , signature = ''] = (await signed(claimsAt(NOW))).split('.')
  for (const alg of ['none', 'None', 'NONE', '', undefined]) {
    const header = text({ alg })
    for (const tail of ['', signature]) {
      expect(await auth.check(`${header}.${payload}.${tail}`)).toEqual({ kind: 'unknown' })
    }
  }
  expect(await auth.check(`${head}.${payload}.`)).toEqual({ kind: 'unknown' })
})

test('a token that was changed is refused', async () => {
  await using auth = await open()
  const token = await signed(claimsAt(NOW))
  const [head = '', payload = '', signature = ''] = token.split('.')
  const other = text(claimsAt(NOW, { workspace_id: 'ws_other' }))
  const turned = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const changed = [
    ...[`${head}.${other}.${signature}`, `${head}.${payload}.${turned}`, `${head}..${signature}`],
    ...[`${text({ alg: 'HS384' })}.${payload}.${signature}`, '..', 'x.y.z', `${token} `],
    ...[`${head}.${payload}.${signature.slice(0, -4)}`],
  ]
  for (const each of changed) expect(await auth.check(each)).toEqual({ kind: 'unknown' })
  expect(await auth.check(token)).toMatchObject({ kind: 'good' })
})

test('another secret, and another algorithm with the same one, sign nothing', async () => {
  await using auth = await open()
  const wrong = new Uint8Array(32).fill(8)
  const long = new Uint8Array(64).fill(9)
  for (const signing of [
    { key: wrong, alg: 'HS256' },
    { key: long, alg: 'HS512' },
  ]) {
    expect(await auth.check(await signed(claimsAt(NOW), signing))).toEqual({ kind: 'unknown' })
  }
})

test('without a configuration a token is refused, and costs nothing', async () => {
  await using auth = await open(null)
  expect(await auth.check(await signed(claimsAt(NOW)))).toEqual({ kind: 'unknown' })
  expect(auth.statements).toEqual([])
})

test('a token in use costs a statement every few seconds, a bad one none', async () => {
  await using auth = await open()
  const token = await signed(claimsAt(NOW))
  for (let at = 0; at < 20; at += 1) {
    auth.clock.now = later(at)
    await auth.check(token)
    await auth.check(`${token.slice(0, -2)}AA`)
  }
  expect(auth.statements.length).toBe(4)
})

test('the tokens of a workspace that is gone speak for nobody within seconds', async () => {
  await using auth = await open()
  const token = await signed(claimsAt(NOW))
  expect((await auth.check(token)).kind).toBe('good')
  await auth.db.deleteFrom('workspace').where('workspace_id', '=', 'ws_test').execute()
  auth.clock.now = later(5)
  expect(await auth.check(token)).toEqual({ kind: 'unknown' })
})
