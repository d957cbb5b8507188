import { exportSPKI, generateKeyPair } from 'jose'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createAuthenticator } from '../../src/auth/authenticator.ts'
import { openTestStore } from '../support/database.ts'
import { addWorkspace, NOW } from '../support/gateway.ts'
import {
  AUDIENCE,
  claimsAt,
  ISSUER,
  keyPair,
  type Signing,
  seconds,
  signed,
  startIssuer,
} from '../support/jwt.ts'

const log = { info() {}, warn() {}, error() {} }
const pairs: Awaited<ReturnType<typeof keyPair>>[] = []

beforeAll(async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA', 'PS256']) pairs.push(await keyPair(alg, alg))
})

function pair(alg: string) {
  const found = pairs.find((each) => each.alg === alg)
  if (!found) throw new Error(`There is no pair for ${alg}.`)
  return found
}

const signedBy = ({ key, alg, kid }: Signing, more: object = {}) =>
  signed(claimsAt(NOW, more), { key, alg, ...(kid && { kid }) })

async function open(published = pairs.map(({ jwk }) => jwk)) {
  const issuer = await startIssuer(published)
  const store = await openTestStore()
  await addWorkspace(store.db, 'ws_test', NOW)
  const clock = { now: NOW }
  const { check } = createAuthenticator({
    ...{ db: store.db, now: () => clock.now, log },
    jwt: { keys: { jwksUrl: issuer.url }, issuer: ISSUER, audience: AUDIENCE },
  })
  const later = (count: number) => {
    clock.now = new Date(clock.now.getTime() + count * 1000)
  }
  const end = async () => {
    await issuer[Symbol.asyncDispose]()
    await store.close()
  }
  return { issuer, check, later, [Symbol.asyncDispose]: end }
}

test('tokens of every published key are taken, and the keys are asked for once', async () => {
  await using auth = await open()
  for (const signing of pairs) {
    const verdict = await auth.check(await signedBy(signing))
    expect([signing.alg, verdict.kind]).toEqual([signing.alg, 'good'])
  }
  expect(auth.issuer.asked).toBe(1)
})

test('a key that is not published signs nothing, and is asked for once', async () => {
  await using auth = await open([pair('ES256').jwk])
  const stranger = await keyPair('ES256', 'ES256')
  expect(await auth.check(await signedBy(stranger))).toEqual({ kind: 'unknown' })
  for (const kid of ['a', 'b', 'c']) {
    expect(await auth.check(await signedBy({ ...stranger, kid }))).toEqual({ kind: 'unknown' })
  }
  expect(auth.issuer.asked).toBe(1)
})

test('a public key is never taken for a shared secret', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const known = { ...pair('RS256').jwk, alg: undefined }
  await using auth = await open([known])
  const texts = [await exportSPKI(publicKey), JSON.stringify(known), known.n ?? '', known.kid ?? '']
  for (const secret of texts) {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const key = new TextEncoder().encode(secret.padEnd(64, '\0'))
      const verdict = await auth.check(await signedBy({ key, alg, kid: 'RS256' }))
      expect(verdict).toEqual({ kind: 'unknown' })
    }
  }
  const other = { key: privateKey, alg: 'RS256', kid: 'RS256' }
  expect(await auth.check(await signedBy(other))).toEqual({ kind: 'unknown' })
  expect(auth.issuer.asked).toBe(1)
})

test('a secret among the published keys opens nothing', async () => {
  const k = Buffer.alloc(32, 5).toString('base64url')
  await using auth = await open([{ kty: 'oct', k, alg: 'HS256', kid: 'shared' }])
  const signing = { key: new Uint8Array(32).fill(5), alg: 'HS256', kid: 'shared' }
  expect(await auth.check(await signedBy(signing))).toEqual({ kind: 'unknown' })
})

test('a token cannot say where its key is', async () => {
  await using auth = await open([pair('ES256').jwk])
  await using elsewhere = await startIssuer([])
  const stranger = await keyPair('ES256', 'ES256')
  const header = { jku: elsewhere.url, jwk: stranger.jwk, x5u: elsewhere.url }
  const token = await signed(claimsAt(NOW), { ...stranger, ...header } as Signing)
  expect(await auth.check(token)).toEqual({ kind: 'unknown' })
  expect(elsewhere.asked).toBe(0)
})

test.each([
  ['breaks connections', null],
  ['fails', { status: 503, body: '' }],
  ['answers no JSON', { status: 200, body: '<html>' }],
  ['answers no keys', { status: 200, body: '{"error": 1}' }],
  ['answers without end', { status: 200, body: ' '.repeat(300_000) }],
])('while the issuer %s nobody is let in, and it is left alone', async (_, answer) => {
  await using auth = await open()
  const good = auth.issuer.answer
  const token = await signedBy(pair('ES256'))
  auth.issuer.answer = answer
  for (let each = 0; each < 3; each += 1) {
    await expect(auth.check(token)).rejects.toThrow('The keys that tokens are signed with')
  }
  expect(auth.issuer.asked).toBe(1)
  auth.issuer.answer = good
  auth.later(5)
  expect((await auth.check(token)).kind).toBe('good')
})

test('the keys are taken from no other address than the configured one', async () => {
  await using auth = await open()
  await using elsewhere = await startIssuer(pairs.map(({ jwk }) => jwk))
  auth.issuer.answer = { status: 302, body: '', location: elsewhere.url }
  await expect(auth.check(await signedBy(pair('ES256')))).rejects.toThrow('status 302')
  expect(elsewhere.asked).toBe(0)
})

test('a token ends while the issuer is away, too, and those it signed before stay good', async () => {
  await using auth = await open()
  const [short, long] = await Promise.all([
    signedBy(pair('ES256'), { exp: seconds(NOW) + 2 }),
    signedBy(pair('ES256')),
  ])
  expect((await auth.check(short)).kind).toBe('good')
  auth.issuer.answer = null
  auth.later(60)
  expect(await auth.check(short)).toEqual({ kind: 'expired' })
  expect((await auth.check(long)).kind).toBe('good')
})

/** The clock of jose, which ages what it keeps, stands still until it is moved. */
function holdClock() {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  onTestFinished(() => void vi.useRealTimers())
  return (count: number) => vi.setSystemTime(Date.now() + count * 1000)
}

test('a key that the issuer adds is taken as soon as it may be asked for', async () => {
  const pass = holdClock()
  const [old, added] = [pair('ES256'), pair('RS256')]
  await using auth = await open([old.jwk])
  expect((await auth.check(await signedBy(old))).kind).toBe('good')
  auth.issuer.answer = { status: 200, body: JSON.stringify({ keys: [old.jwk, added.jwk] }) }
  expect((await auth.check(await signedBy(added))).kind).toBe('unknown')
  pass(30)
  expect((await auth.check(await signedBy(added))).kind).toBe('good')
  expect(auth.issuer.asked).toBe(2)
})

test('a key that the issuer withdraws is taken for ten minutes at most, whatever it answers', async () => {
  const pass = holdClock()
  const old = pair('ES256')
  await using auth = await open([old.jwk])
  const token = await signedBy(old)
  expect((await auth.check(token)).kind).toBe('good')
  auth.issuer.answer = null
  pass(599)
  auth.later(599)
  expect((await auth.check(token)).kind).toBe('good')
  pass(6)
  auth.later(6)
  await expect(auth.check(token)).rejects.toThrow('could not be had')
  auth.issuer.answer = { status: 200, body: JSON.stringify({ keys: [pair('RS256').jwk] }) }
  auth.later(5)
  expect((await auth.check(token)).kind).toBe('unknown')
})
