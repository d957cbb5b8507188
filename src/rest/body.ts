import type { HonoRequest } from 'hono'
import { HTTPException } from 'hono/http-exception'

/**
 * Whether a request's body fits into so many bytes. One of unknown length is read for that, and put
 * back into the request; one without any byte is none, whatever type it is said to have. (Hono's
 * own limit makes requests of requests, which those of its server for Node are not fit for.)
 */
export async function takeBody(request: HonoRequest, maxBytes: number): Promise<boolean> {
  const { body, headers } = request.raw
  const length = headers.get('content-length')
  if (length !== null && Number(length) > maxBytes) return false
  const isOfUnknownLength = length === null && body !== null && headers.has('transfer-encoding')
  const bytes = isOfUnknownLength ? await readAtMost(body, maxBytes) : null
  if (isOfUnknownLength && bytes === null) return false
  const isEmpty = bytes ? bytes.length === 0 : Number(length ?? 0) === 0
  if (isEmpty && headers.has('content-type')) {
    const others = new Headers(headers)
    others.delete('content-type')
    request.raw = new Request(request.url, { method: request.method, headers: others })
  } else if (bytes) {
    request.raw = new Request(request.url, { method: request.method, headers, body: bytes })
  }
  return true
}

async function readAtMost(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of body) {
      size += part.length
      if (size > maxBytes) return null
      parts.push(part)
    }
  } catch (cause) {
    // The client went away, or was cut off: nothing of ours has failed.
    throw new HTTPException(400, { message: 'The body does not end.', cause })
  }
  return new Uint8Array(Buffer.concat(parts))
}
