import type { RequestListener, ServerResponse } from 'node:http'

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

/** Lets only reads come to a listener: 405 otherwise. */
export function readOnly(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return listener(request, response)
    response.setHeader('allow', 'GET, HEAD')
    sendError(response, 405, { code: 'BAD_REQUEST', message: 'This is read with GET or HEAD.' })
  }
}
