import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Platform } from '../domain/platform.ts'
import type { SimulatedAccount } from './account.ts'
import { platformWorld } from './platform-worlds.ts'

/**
 * What a token may be used for. `app` stands for the application itself, without an account; `user`
 * for the person who manages the account, where that is something else than the account.
 */
export type TokenKind = 'access' | 'user' | 'refresh' | 'code' | 'app'

/** What a token says about itself. */
export interface TokenClaims {
  kind: TokenKind
  platform: Platform
  accountId: string
  issuedAt: Date
  expiresAt: Date
  /** How many times it was exchanged since the account's owner consented. */
  serial: number
  scopes: string[]
}

/** An account's tokens, as an application that was granted them holds them. */
export interface TokenGrant {
  accessToken: string
  /** Null where the platform has none: there the access token itself is renewed. */
  refreshToken: string | null
  expiresAt: Date
  refreshExpiresAt: Date | null
  scopes: string[]
}

/** How a grant differs from the usual one. */
export interface GrantOptions {
  issuedAt: Date
  scopes?: readonly string[]
  serial?: number
  accessSeconds?: number
  refreshSeconds?: number
}

/** Who may ask: tokens that describe themselves, so that they outlive a restart. */
export interface Tokens {
  grant(account: SimulatedAccount, options: GrantOptions): TokenGrant
  /** A code as the consent page hands it out, to be exchanged once. */
  codeFor(account: SimulatedAccount, options: GrantOptions): string
  /** A token of the person who manages the account. */
  userTokenFor(account: SimulatedAccount, options: GrantOptions): string
  /** A token of the application itself. */
  appTokenFor(platform: Platform, issuedAt: Date): string
  /** What a token says, whether or not it is still good; null when nobody ever issued it. */
  read(token: string): TokenClaims | null
  /** The same, of a token of this kind that is neither expired, nor revoked, nor used up. */
  readLive(token: string, kinds: readonly TokenKind[], now: Date): TokenClaims | null
  /** From now on the token is dead: revoked, or used up. */
  kill(token: string): void
}

const SIGNATURE_LENGTH = 22
const CODE_SECONDS = 600
const YEAR_SECONDS = 31_536_000

const claimsSchema = z
  .tuple([
    z.enum(['access', 'user', 'refresh', 'code', 'app']),
    z.string(),
    z.string(),
    z.number(),
    z.number(),
    z.number(),
    z.array(z.string()),
  ])
  .transform(([kind, platform, accountId, issuedAt, expiresAt, serial, scopes]) => ({
    kind,
    platform: platform as Platform,
    accountId,
    issuedAt: new Date(issuedAt),
    expiresAt: new Date(expiresAt),
    serial,
    scopes,
  }))

/** Tokens of a seed: those of one run are good in the next. */
export function createTokens(seed: number): Tokens {
  const dead = new Set<string>()
  const mint = (claims: TokenClaims) => mintToken(seed, claims)
  const read = (token: string) => readToken(seed, token)
  return {
    grant: (account, options) => grantOf(account, options, mint),
    codeFor: (account, options) =>
      mint({
        ...claimsOf(account, options),
        kind: 'code',
        expiresAt: later(options, CODE_SECONDS),
      }),
    userTokenFor: (account, options) =>
      mint({
        ...claimsOf(account, options),
        kind: 'user',
        expiresAt: later(options, options.accessSeconds ?? CODE_SECONDS),
      }),
    appTokenFor: (platform, issuedAt) =>
      mint({
        kind: 'app',
        platform,
        accountId: '',
        issuedAt,
        expiresAt: later({ issuedAt }, YEAR_SECONDS),
        serial: 0,
        scopes: [],
      }),
    read,
    readLive(token, kinds, now) {
      const claims = dead.has(token) ? null : read(token)
      if (claims === null || !kinds.includes(claims.kind)) return null
      return claims.expiresAt.getTime() > now.getTime() ? claims : null
    },
    kill: (token) => void dead.add(token),
  }
}

function grantOf(
  account: SimulatedAccount,
  options: GrantOptions,
  mint: (claims: TokenClaims) => string,
): TokenGrant {
  const rules = platformWorld(account.platform).tokens
  const claims = claimsOf(account, options)
  const isRefreshable = rules.refreshScope === null || claims.scopes.includes(rules.refreshScope)
  const refreshSeconds = isRefreshable ? (options.refreshSeconds ?? rules.refreshSeconds) : null
  const expiresAt = later(options, options.accessSeconds ?? rules.accessSeconds)
  const refreshExpiresAt = refreshSeconds === null ? null : later(options, refreshSeconds)
  return {
    accessToken: mint({ ...claims, kind: 'access', expiresAt }),
    refreshToken:
      refreshExpiresAt === null
        ? null
        : mint({ ...claims, kind: 'refresh', expiresAt: refreshExpiresAt }),
    expiresAt,
    refreshExpiresAt,
    scopes: claims.scopes,
  }
}

function claimsOf(account: SimulatedAccount, options: GrantOptions) {
  return {
    platform: account.platform,
    accountId: account.platformAccountId,
    issuedAt: options.issuedAt,
    serial: options.serial ?? 0,
    scopes: [...(options.scopes ?? account.scopes)],
  }
}

function later({ issuedAt }: { issuedAt: Date }, seconds: number): Date {
  return new Date(issuedAt.getTime() + seconds * 1000)
}

function mintToken(seed: number, claims: TokenClaims): string {
  const { kind, platform, accountId, issuedAt, expiresAt, serial, scopes } = claims
  const text = JSON.stringify([
    kind,
    platform,
    accountId,
    issuedAt.getTime(),
    expiresAt.getTime(),
    serial,
    scopes,
  ])
  const payload = Buffer.from(text).toString('base64url')
  const rules = platformWorld(platform).tokens
  const isOther = rules.otherLogin?.scopes.some((scope) => scopes.includes(scope)) === true
  const prefix = (isOther ? rules.otherLogin?.prefix : rules.prefixes[kind]) ?? ''
  return `${prefix}${payload}${signatureOf(seed, payload)}`
}

function readToken(seed: number, token: string): TokenClaims | null {
  // Every payload begins with `["`, so its text begins with the same letters behind any prefix.
  const bare = token.slice(Math.max(0, token.indexOf('WyJ')))
  const payload = bare.slice(0, -SIGNATURE_LENGTH)
  if (bare.slice(-SIGNATURE_LENGTH) !== signatureOf(seed, payload)) return null
  return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
}

function signatureOf(seed: number, payload: string): string {
  const digest = createHmac('sha256', `weir ${seed}`).update(payload).digest('base64url')
  return digest.slice(0, SIGNATURE_LENGTH)
}
