/** Seals platform tokens at rest. What is sealed for one row cannot be opened for another. */
export interface TokenCipher {
  /** The sealed text of a token, bound to `context` (the row it is stored in). */
  seal(token: string, context: string): string
  /** The token again. Throws when the text was changed, or was sealed for another row or key. */
  open(sealed: string, context: string): string
}

/** What binds an account's sealed tokens to its row: pass it to both `seal` and `open`. */
export function accountTokenContext(workspaceId: string, accountId: string): string {
  return JSON.stringify(['account', workspaceId, accountId])
}
