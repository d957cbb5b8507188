import { base64url } from 'jose'
import { v7 as uuid } from 'uuid'
import { createApiKey } from '../../src/auth/keys.ts'
import { SCOPES, type Scope } from '../../src/auth/scopes.ts'
import { apiKeysOf, revokeApiKey } from '../../src/store/api-keys.ts'
import { type Gateway, WORKSPACE } from '../support/gateway.ts'
import { claimsAt, seconds, signed } from '../support/jwt.ts'

/** Somebody who asks. */
export interface Asking {
  name: string
  /** The value of the `Authorization` header; null: none. */
  authorization: string | null
  /** What they may do; null: nobody knows them. */
  scopes: readonly Scope[] | null
  isToken: boolean
}

const SETS: readonly (readonly Scope[])[] = [[], ...SCOPES.map((scope) => [scope]), SCOPES]

/** Every kind of principal at a gateway that takes dashboards' tokens. */
export async function everybody(gateway: Gateway): Promise<Asking[]> {
  return [...(await keyHolders(gateway)), ...(await tokenHolders(gateway)), ...nobodies(gateway)]
}

async function keyHolders(gateway: Gateway): Promise<Asking[]> {
  const { db, clock } = gateway
  const good = SETS.map(async (scopes) => {
    const name = `a key that may ${scopes.join(', ') || 'nothing'}`
    return asking(name, await gateway.keyWith([...scopes]), scopes)
  })
  const made = async (name: string, expiresAt: Date | null) => {
    const request = { id: uuid(), name, prefix: 'test', scopes: SCOPES, expiresAt }
    const created = await createApiKey(db, WORKSPACE, { ...request, createdAt: new Date(0) })
    return created?.text ?? ''
  }
  const expired = await made('expired', clock.now)
  const revoked = await made('revoked', null)
  const [key] = (await apiKeysOf(db, WORKSPACE)).filter(({ name }) => name === 'revoked')
  await revokeApiKey(db, WORKSPACE, key?.id ?? '', clock.now)
  const bad = [asking('an expired key', expired), asking('a revoked key', revoked)]
  return [...(await Promise.all(good)), ...bad]
}

async function tokenHolders({ clock: { now } }: Gateway): Promise<Asking[]> {
  const token = (more: object) => signed(claimsAt(now, { scope: SCOPES.join(' '), ...more }))
  const good = SETS.map(async (scopes) => {
    const text = await token({ scope: scopes.join(' ') })
    return asking(`a token that may ${scopes.join(', ') || 'nothing'}`, text, scopes)
  })
  const strange = await token({ scope: 'admin analytics:* analytics:read2 ANALYTICS:READ' })
  const bad: [string, object][] = [
    ['of another issuer', { iss: 'https://evil.example.com/' }],
    ['for another audience', { aud: 'other' }],
    ['that has expired', { exp: seconds(now) - 60 }],
    ['that begins later', { nbf: seconds(now) + 60 }],
    ['without a workspace', { workspace_id: undefined }],
    ['of an unknown workspace', { workspace_id: 'ws_none' }],
  ]
  const refused = bad.map(async ([name, claims]) => asking(`a token ${name}`, await token(claims)))
  const other = { key: new Uint8Array(32).fill(8), alg: 'HS256' }
  const forged = await signed(claimsAt(now, { scope: SCOPES.join(' ') }), other)
  return [
    ...(await Promise.all([...good, ...refused])),
    asking('a token of no scope that there is', strange, []),
    asking('a token that somebody else signed', forged),
    asking('a token that nobody signed', unsigned(claimsAt(now, { scope: SCOPES.join(' ') }))),
  ].map((each) => ({ ...each, isToken: true }))
}

function nobodies({ key }: Gateway): Asking[] {
  const none = { authorization: null, scopes: null, isToken: false }
  return [
    { ...none, name: 'nobody' },
    { ...none, name: 'a good key as a password', authorization: `Basic ${key}` },
    { ...none, name: 'a good key without its kind', authorization: key },
    asking('a wrong key', `${key}x`),
    asking('half a key', key.slice(0, -1)),
    asking('an empty key', ''),
  ]
}

function asking(name: string, text: string, scopes: readonly Scope[] | null = null): Asking {
  return { name, authorization: `Bearer ${text}`, scopes, isToken: false }
}

function unsigned(claims: object): string {
  const text = (value: object) => base64url.encode(JSON.stringify(value))
  return `${text({ alg: 'none', typ: 'JWT' })}.${text(claims)}.${text({ no: 'signature' })}`
}
