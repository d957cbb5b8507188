import { createHash } from 'node:crypto'
import type { ConnectedAccount } from '../domain/connector.ts'

/** What a connector learnt from refusals, for a while and for this process. */
export interface Memory {
  remember(key: string, until: Date): void
  knows(key: string, now: Date): boolean
}

/** How long a refusal is taken at its word. */
export const REFUSAL_MS = 86_400_000

/** An empty memory of at most `entriesMax` keys; the oldest give way. */
export function createMemory(entriesMax: number): Memory {
  const ends = new Map<string, number>()
  return {
    remember(key, until) {
      ends.delete(key)
      ends.set(key, until.getTime())
      const [oldest] = ends.keys()
      if (ends.size > entriesMax && oldest !== undefined) ends.delete(oldest)
    },
    knows(key, now) {
      const end = ends.get(key)
      return end !== undefined && end > now.getTime()
    },
  }
}

/** When what is refused at `now` is worth asking for again. */
export function refusedUntil(now: Date): Date {
  return new Date(now.getTime() + REFUSAL_MS)
}

/**
 * A key for what one account's owner granted, which a new grant may change. Ids will not do: those
 * of two workspaces can be the same, with different grants. It does not show the token.
 */
export function grantKey({ accessToken }: Pick<ConnectedAccount, 'accessToken'>): string {
  return createHash('sha256').update(accessToken).digest('base64url')
}
