/** What a key may be allowed to do, in the order in which every surface lists it. */
export const SCOPES = ['analytics:read', 'analytics:refresh', 'workspace:manage'] as const

/** One of the things that a key may be allowed to do. */
export type Scope = (typeof SCOPES)[number]

/** Whether a word from outside (a command's option, a stored row) names a scope. */
export function isScope(word: string): word is Scope {
  return (SCOPES as readonly string[]).includes(word)
}
