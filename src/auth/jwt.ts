import { decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Now } from '../domain/clock.ts'
import type { Db } from '../store/connect.ts'
import { workspaceById } from '../store/workspaces.ts'
import { createBeliefs } from './beliefs.ts'
import { createJwks } from './jwks.ts'
import { hashOfKey } from './keys.ts'
import type { KeyVerdict, Principal } from './principal.ts'
import { isScope } from './scopes.ts'

const CHARACTERS_MAX = 8192
// Decoders let white space pass.
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const NAME_CHARACTERS_MAX = 255
const LEEWAY_SECONDS = 5

// Which algorithms are taken follows from the configuration, never from the token: a public key
// that were taken for a shared secret would let everybody sign.
const WITH_SECRET = ['HS256']
const WITH_PUBLIC_KEYS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** Which tokens of a dashboard are taken. */
export interface JwtRules {
  /** What they are signed with: a shared secret, or a key of those published at a URL. */
  keys: { secret: Uint8Array } | { jwksUrl: string }
  issuer: string
  audience: string
}

/** What verifying tokens needs from outside. */
export interface JwtOptions {
  rules: JwtRules
  db: Db
  now: Now
}

const name = z
  .string()
  .min(1)
  .max(NAME_CHARACTERS_MAX)
  .refine((text) => !text.includes('\0'))
const Claims = z.object({
  sub: name,
  workspace_id: name,
  scope: z.string().default(''),
})

/** Whether a credential is a JWT, good or not: a key has no dots. */
export function isJwt(text: string): boolean {
  return text.includes('.') && text.split('.').length === 3
}

/**
 * Says of a JWT who it speaks for. What it answers is believed for a few seconds, but never beyond
 * the token's end. Throws a `KeySetError` while the issuer's keys cannot be had.
 */
export function createJwtCheck(options: JwtOptions): (text: string) => Promise<KeyVerdict> {
  const verify = createVerifier(options)
  const known = createBeliefs<Principal>()
  return async (text) => {
    if (text.length > CHARACTERS_MAX || !COMPACT.test(text)) return { kind: 'unknown' }
    const now = options.now()
    // Told before anything is asked of others: a token ends even while its issuer is away.
    if (hasEnded(text, now)) return { kind: 'expired' }
    const hash = hashOfKey(text)
    const believed = known.get(hash, now)
    if (believed !== null) return { kind: 'good', principal: believed }
    const verdict = await verify(text, now)
    if (verdict.kind === 'good') known.set(hash, verdict.principal, now)
    return verdict
  }
}

type Verifier = (text: string, now: Date) => Promise<KeyVerdict>

function createVerifier({ rules, db, now: clock }: JwtOptions): Verifier {
  const { keys, issuer, audience } = rules
  const isShared = 'secret' in keys
  const key: JWTVerifyGetKey = isShared ? async () => keys.secret : createJwks(keys.jwksUrl, clock)
  const algorithms = isShared ? WITH_SECRET : WITH_PUBLIC_KEYS
  return async (text, now) => {
    try {
      const { payload } = await jwtVerify(text, key, {
        ...{ algorithms, issuer, audience, currentDate: now },
        ...{ clockTolerance: LEEWAY_SECONDS, requiredClaims: ['exp'] },
      })
      const claims = Claims.safeParse(payload)
      return claims.success ? await verdictOn(db, claims.data) : { kind: 'unknown' }
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'expired' }
      if (error instanceof errors.JOSEError) return { kind: 'unknown' }
      throw error
    }
  }
}

async function verdictOn(db: Db, claims: z.infer<typeof Claims>): Promise<KeyVerdict> {
  const workspace = await workspaceById(db, claims.workspace_id)
  if (workspace === null) return { kind: 'unknown' }
  const scopes = claims.scope.split(' ').filter(isScope)
  return {
    kind: 'good',
    principal: { workspaceId: workspace.id, keyId: `sub:${claims.sub}`, scopes },
  }
}

// Nobody has checked the signature yet: this can only refuse.
function hasEnded(text: string, now: Date): boolean {
  try {
    const { exp } = decodeJwt(text)
    return exp !== undefined && (exp + LEEWAY_SECONDS) * 1000 <= now.getTime()
  } catch {
    return false
  }
}
