import type { Scope } from './scopes.ts'

/** Who a request speaks for: one key or one person, in one workspace, with what they may do. */
export interface Principal {
  workspaceId: string
  /** What limits count by: the key's id, or `sub:` and the subject of a dashboard's token. */
  keyId: string
  scopes: readonly Scope[]
}

/** What the limits of a key or a person are kept under. */
export const limitKey = remembered(({ workspaceId, keyId }) => JSON.stringify([workspaceId, keyId]))

/** What answers are kept under: whoever may see the same has the same. */
export const sightKey = remembered(({ workspaceId, scopes }) =>
  JSON.stringify([workspaceId, ...scopes.toSorted()]),
)

// Every request asks for them, of principals that are the same for seconds.
function remembered(textOf: (principal: Principal) => string): (principal: Principal) => string {
  const known = new WeakMap<Principal, string>()
  return (principal) => {
    const found = known.get(principal)
    if (found !== undefined) return found
    const text = textOf(principal)
    known.set(principal, text)
    return text
  }
}

/** What a key or a token is good for: nothing, when it is unknown or its time is over. */
export type KeyVerdict =
  | { kind: 'good'; principal: Principal }
  | { kind: 'unknown' }
  | { kind: 'expired' }
  | { kind: 'revoked' }
