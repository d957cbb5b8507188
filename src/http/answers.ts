import type { ServerResponse } from 'node:http'

/** Answers with JSON that no cache keeps. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  response.end(text)
}

/** Answers with a refusal: a code of the error reference, and a sentence for people. */
export function sendError(
  response: ServerResponse,
  status: number,
  error: { code: string; message: string },
): void {
  sendJson(response, status, { error })
}
