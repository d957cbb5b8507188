import type { Readable } from 'node:stream'

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
