import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** Who signs the tokens of tests, and for whom. */
export const ISSUER = 'https://id.example.com/'
/** For whom the tokens of tests are. */
export const AUDIENCE = 'weir'
/** What they are signed with unless they say otherwise. */
export const SECRET = new Uint8Array(32).fill(9)
/** The environment of a gateway that takes them. */
export const JWT_ENVIRONMENT = {
  WEIR_JWT_SECRET: Buffer.from(SECRET).toString('base64'),
  WEIR_JWT_ISSUER: ISSUER,
  WEIR_JWT_AUDIENCE: AUDIENCE,
}

/** An instant as tokens have it. */
export const seconds = (at: Date) => Math.floor(at.getTime() / 1000)

/** What a good token claims at that instant, for an hour, unless `more` says otherwise. */
export function claimsAt(now: Date, more: object = {}): Record<string, unknown> {
  return {
    ...{ iss: ISSUER, aud: AUDIENCE, sub: 'user-1' },
    ...{ iat: seconds(now), exp: seconds(now) + 3600 },
    ...{ workspace_id: 'ws_test', scope: 'analytics:read' },
    ...more,
  }
}

/** How a token is signed. */
export interface Signing {
  key: CryptoKey | Uint8Array
  alg: string
  kid?: string
}

/** A token; undefined claims are left out. */
export function signed(
  claims: Record<string, unknown>,
  { key, ...header }: Signing = { key: SECRET, alg: 'HS256' },
): Promise<string> {
  const payload = JSON.parse(JSON.stringify(claims)) as Record<string, unknown>
  return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', ...header }).sign(key)
}

/** A pair of keys: the one that signs, and what an issuer publishes of the other. */
export async function keyPair(alg: string, kid: string): Promise<Signing & { jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return {
    key: privateKey,
    alg,
    kid,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
  }
}

/** An issuer's server. */
export interface Issuer extends AsyncDisposable {
  url: string
  /** How often it was asked. */
  asked: number
  /** What it answers; null: connections break. */
  answer: { status: number; body: string; location?: string } | null
}

/** Publishes keys on loopback. */
export async function startIssuer(keys: readonly JWK[]): Promise<Issuer> {
  const server = createServer((request, response) => {
    issuer.asked += 1
    if (issuer.answer === null) return void request.socket.destroy()
    const { status, body, location } = issuer.answer
    response.writeHead(status, { connection: 'close', ...(location && { location }) }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}/jwks.json`,
    asked: 0,
    answer: { status: 200, body: JSON.stringify({ keys }) },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
  return issuer
}
