import type { Scope } from './scopes.ts'

/** Who a request speaks for: one key or one person, in one workspace, with what they may do. */
export interface Principal {
  workspaceId: string
  /** What limits count by: the key's id, or `sub:` and the subject of a dashboard's token. */
  keyId: string
  scopes: readonly Scope[]
}

/** What the limits of a key or a person are kept under. */
export function limitKey({ workspaceId, keyId }: Principal): string {
  return JSON.stringify([workspaceId, keyId])
}

/** What answers are kept under: whoever may see the same has the same. */
export function sightKey({ workspaceId, scopes }: Principal): string {
  return JSON.stringify([workspaceId, ...scopes.toSorted()])
}

/** What a key or a token is good for: nothing, when it is unknown or its time is over. */
export type KeyVerdict =
  | { kind: 'good'; principal: Principal }
  | { kind: 'unknown' }
  | { kind: 'expired' }
  | { kind: 'revoked' }
