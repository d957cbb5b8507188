import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { endUnread } from './unread.ts'

interface Refusal {
  status: number
  message: string
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    message:
      'The address and the headers together are too large. Send fewer headers, and long operations by POST.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    message: 'The extensions of a chunk are too large. Send none.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    message: 'The request took too long to arrive. Send it at once.',
  },
}
const NO_HTTP: Refusal = { status: 400, message: 'This is no HTTP request. Send HTTP/1.1.' }

/**
 * Answers those who send what is no request, too large a head, or a request that does not end: a
 * status and a sentence, and then the connection is closed.
 */
export function refuseBrokenRequests(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>()
  const refused = new WeakSet<Duplex>()
  server.prependListener('request', (request, response) => {
    answering.set(request.socket, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What still comes from somebody who was refused is refused no second time.
    if (refused.has(socket)) return
    refused.add(socket)
    const response = answering.get(socket)
    const isMidway = response?.headersSent && !response.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || isMidway) socket.destroy()
    else {
      socket.write(textOf(REFUSALS[error.code ?? ''] ?? NO_HTTP))
      endUnread(socket)
    }
  })
}

function textOf({ status, message }: Refusal): string {
  const body = JSON.stringify({ error: { code: 'BAD_REQUEST', message } })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}
