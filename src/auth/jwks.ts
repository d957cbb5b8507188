import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Now } from '../domain/clock.ts'

const TIMEOUT_MS = 5_000
const BYTES_MAX = 256 * 1024
// An unknown key leads to one request in this time, and so does a host that is down.
const COOLDOWN_MS = 30_000
const FAILED_PAUSE_MS = 5_000
const CACHED_MS = 600_000

const KeySet = z.object({ keys: z.array(z.looseObject({})) })

/** The issuer's keys cannot be had, so nobody knows whether a token is good. */
export class KeySetError extends Error {
  override readonly name = 'KeySetError'
}

/**
 * The public keys that an issuer publishes (a JWK set), kept for ten minutes. What it answers for a
 * token's header is the key, jose's refusal where the set has none, or a `KeySetError`.
 */
export function createJwks(url: string, now: Now): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: CACHED_MS,
    [customFetch]: pausing(now),
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (isRefusal(error)) throw error
      const message = `The keys that tokens are signed with could not be had: ${reasonOf(error)}`
      throw new KeySetError(message, { cause: error })
    }
  }
}

// What fails a connection hides below "fetch failed".
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}

// Several keys that fit: the token does not say which one it means.
function isRefusal(error: unknown): boolean {
  return [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported].some(
    (refusal) => error instanceof refusal,
  )
}

/** Asks a host that has just failed for nothing: its requests would wait for it, each anew. */
function pausing(now: Now) {
  let pause: { until: number; error: unknown } | null = null
  return async (url: string, init: RequestInit): Promise<Response> => {
    if (pause !== null && now().getTime() < pause.until) throw pause.error
    try {
      return Response.json(await load(url, init))
    } catch (error) {
      pause = { until: now().getTime() + FAILED_PAUSE_MS, error }
      throw error
    }
  }
}

async function load(url: string, init: RequestInit): Promise<object> {
  const response = await fetch(url, init)
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    throw new Error(`The key set was answered with status ${response.status}.`)
  }
  const parsed = KeySet.safeParse(JSON.parse(await textOf(response.body)))
  if (!parsed.success) throw new Error('The key set is none.')
  return parsed.data
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > BYTES_MAX) throw new Error(`The key set has more than ${BYTES_MAX} bytes.`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
