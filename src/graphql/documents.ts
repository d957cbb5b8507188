import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

// Measured: what a token of a document takes, as it is read and as it is compiled.
const TOKEN_BYTES = 1000
const CHARACTER_BYTES = 2
// What an error takes beside the document that it keeps a piece of.
const ERROR_BYTES = 2000

/**
 * Where documents stay that have been read, so that the next request with the same text finds them
 * done. Those that nobody has used for longest make room.
 */
export function createDocumentCaches(bytesMax: number) {
  return {
    documentCache: new LRUCache<string, DocumentNode>({
      maxSize: bytesMax,
      sizeCalculation: (document, text) =>
        text.length * CHARACTER_BYTES + tokensOf(document) * TOKEN_BYTES,
    }),
    errorCache: new LRUCache<string, unknown & {}>({
      maxSize: Math.max(1, Math.floor(bytesMax / 8)),
      sizeCalculation: (_error, text) => text.length * CHARACTER_BYTES + ERROR_BYTES,
    }),
  }
}

function tokensOf({ loc }: DocumentNode): number {
  let count = 1
  for (let token = loc?.startToken; token?.next; token = token.next) count += 1
  return count
}
