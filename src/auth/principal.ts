import type { Scope } from './scopes.ts'

/** Who a request speaks for: one key, in one workspace, with what that key may do. */
export interface Principal {
  workspaceId: string
  keyId: string
  scopes: readonly Scope[]
}
