/** Seals platform tokens at rest. What is sealed for one row cannot be opened for another. */
export interface TokenCipher {
  /** What sealed texts begin with that this opens, by key; the first is the one that it seals with. */
  readonly seals: readonly string[]
  /** The sealed text of a token, bound to `context` (the row it is stored in). */
  seal(token: string, context: string): string
  /** The token again. Throws when the text was changed, or was sealed for another row or key. */
  open(sealed: string, context: string): string
}

/** What binds an account's sealed tokens to its row: pass it to both `seal` and `open`. */
export function accountTokenContext(workspaceId: string, accountId: string): string {
  return JSON.stringify(['account', workspaceId, accountId])
}

/**
 * Whether two sealed texts of a row hold the same token: one may have been sealed anew, under
 * another key. False for texts that cannot be opened, unless they are the same.
 */
export function holdSameToken(
  cipher: TokenCipher,
  context: string,
  one: string | null,
  other: string | null,
): boolean {
  if (one === other) return true
  if (one === null || other === null) return false
  try {
    return cipher.open(one, context) === cipher.open(other, context)
  } catch {
    return false
  }
}
