import { timingSafeEqual } from 'node:crypto'
import type { Now } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { type ApiKey, apiKeysByHash, touchApiKey } from '../store/api-keys.ts'
import type { Db } from '../store/connect.ts'
import { createBeliefs } from './beliefs.ts'
import { createJwtCheck, isJwt, type JwtRules } from './jwt.ts'
import { hashOfKey } from './keys.ts'
import { type KeyVerdict, limitKey, type Principal } from './principal.ts'
import { isScope } from './scopes.ts'

const TOUCH_EVERY_MS = 60_000
const KEY_CHARACTERS_MAX = 512

/** Tells who a request speaks for. */
export interface Authenticator {
  /**
   * Says of a key or a dashboard's token whose it is, or why it is refused. Throws where nobody can
   * say: the database is away, or the keys of those who sign tokens.
   */
  check(key: string): Promise<KeyVerdict>
  /**
   * The principal of an `Authorization` header's value; null without one, and for a key or a token
   * that is refused. Throws as `check` does.
   */
  authenticate(authorization: string | null): Promise<Principal | null>
  /** Resolves when the uses noted so far are stored. */
  settle(): Promise<void>
}

/** The key or token in an `Authorization` header's value; null: none, or one of another kind. */
export function bearerKey(authorization: string | null): string | null {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null
}

/** What verifying keys and tokens needs from outside. */
export interface AuthenticatorOptions {
  db: Db
  /** Which tokens of a dashboard are taken; null: none. */
  jwt: JwtRules | null
  now: Now
  log: Log
}

/** An authenticator with a memory of a few seconds, so that reads rarely pay a statement for it. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const touches = createTouches(options)
  const checkKey = createKeyCheck(options, touches)
  const checkJwt = options.jwt && createJwtCheck({ ...options, rules: options.jwt })
  const check = async (text: string): Promise<KeyVerdict> => {
    if (!isJwt(text)) return checkKey(text)
    return checkJwt ? checkJwt(text) : { kind: 'unknown' }
  }
  return {
    check,
    async authenticate(authorization) {
      const key = bearerKey(authorization)
      const verdict = key === null ? null : await check(key)
      return verdict?.kind === 'good' ? verdict.principal : null
    },
    settle: () => touches.settle(),
  }
}

function createKeyCheck(options: AuthenticatorOptions, touches: Touches) {
  const known = createBeliefs<KnownKey>()
  return async (text: string): Promise<KeyVerdict> => {
    if (text.length > KEY_CHARACTERS_MAX) return { kind: 'unknown' }
    const hash = hashOfKey(text)
    const now = options.now()
    const believed = known.get(hash, now)
    const found = believed ?? (await verify(options.db, hash))
    const refusal = found === null ? 'unknown' : refusalOf(found.key, now)
    if (found === null || refusal !== null) {
      known.delete(hash)
      return { kind: refusal ?? 'unknown' }
    }
    if (believed === null) known.set(hash, found, now)
    touches.note(found, now)
    return found.verdict
  }
}

/** A key, and what it is good for as long as it is. */
interface KnownKey {
  key: ApiKey
  name: string
  verdict: KeyVerdict
}

async function verify(db: Db, hash: string): Promise<KnownKey | null> {
  const candidates = await apiKeysByHash(db, hash)
  const found = candidates.find((key) => isEqual(key.hash, hash))
  if (found === undefined) return null
  const principal = toPrincipal(found)
  return { key: found, name: limitKey(principal), verdict: { kind: 'good', principal } }
}

// The index has looked for the hash already, in a time that depends on it; this comparison is what
// decides, and takes the same time whatever it finds.
function isEqual(stored: string, given: string): boolean {
  const [left, right] = [Buffer.from(stored), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function refusalOf({ revokedAt, expiresAt }: ApiKey, now: Date): 'revoked' | 'expired' | null {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : null
}

function toPrincipal(key: ApiKey): Principal {
  const { workspaceId, id: keyId, scopes } = key
  return { workspaceId, keyId, scopes: scopes.filter(isScope) }
}

interface Touches {
  note(known: KnownKey, now: Date): void
  settle(): Promise<void>
}

/** Notes uses beside the requests: at most once a minute for each key, and never in their way. */
function createTouches({ db, log }: AuthenticatorOptions): Touches {
  const notedAt = new Map<string, number>()
  const pending = new Set<Promise<void>>()
  const store = async (key: ApiKey, now: Date) => {
    try {
      await touchApiKey(db, key.workspaceId, key.id, now)
    } catch (error) {
      log.warn({ error, keyId: key.id }, 'the use of a key could not be noted')
    }
  }
  return {
    note({ key, name }, now) {
      const last = notedAt.get(name) ?? key.lastUsedAt?.getTime() ?? Number.NEGATIVE_INFINITY
      if (now.getTime() - last < TOUCH_EVERY_MS) return
      notedAt.set(name, now.getTime())
      const touch = store(key, now).finally(() => pending.delete(touch))
      pending.add(touch)
    },
    async settle() {
      await Promise.all(pending)
    },
  }
}
