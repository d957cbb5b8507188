import type { Readable } from 'node:stream'

const EXCERPT_BYTES_MAX = 4096

/** The body as text; null when it is longer than `bytesMax`, in which case the rest is not read. */
export async function readBody(body: Readable, bytesMax: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk)
    bytes += buffer.length
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > bytesMax) return null
    chunks.push(buffer)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** The beginning of a body, at most 4 KiB of it. Credentials must be gone from it already. */
export function excerptOf(text: string): string {
  const clean = text.trim().replaceAll('\0', '')
  const bytes = Buffer.from(clean)
  if (bytes.length <= EXCERPT_BYTES_MAX) return clean
  // A character that was cut in two is left out: its replacement would be longer than the limit.
  return bytes
    .subarray(0, EXCERPT_BYTES_MAX)
    .toString()
    .replace(/\ufffd+$/, '')
}
