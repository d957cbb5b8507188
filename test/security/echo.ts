import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A platform that repeats whatever it is told, in the way that is set. */
export interface Echo extends AsyncDisposable {
  url: string
  way: EchoWay
  /** What it was asked with so far. */
  heard: string[]
}

type Say = (response: ServerResponse, text: string, request: IncomingMessage) => void

const json = (status: number, body: (text: string) => object): Say => {
  return (response, text) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body(text)))
  }
}
const complaint = (text: string) => ({
  error: {
    code: 190,
    type: 'OAuthException',
    message: text,
    status: text,
    errors: [{ reason: text, message: text }],
  },
  ...{ error_description: text, message: text, detail: text, title: text, error_code: text },
  errors: [{ message: text, detail: text, title: text, value: text, parameters: { id: [text] } }],
})

/** How it can repeat what it is told. */
export const ECHO_WAYS = {
  'a refusal': json(400, complaint),
  'a refused token': json(401, complaint),
  'a refusal in a word': json(400, (error) => ({ error })),
  'a limit': json(429, complaint),
  'an error': json(500, complaint),
  'a good answer': json(200, (text) => ({
    ...{ id: '1', name: text, username: text, data: { id: '1', user: { display_name: text } } },
    ...{ paging: { next: `https://x.test/?access_token=${text}` }, items: [{ id: text }] },
    ...{ localizedName: text, elements: [{ id: text }], access_token: text, error: null },
  })),
  'no JSON': (response, text) => void response.writeHead(200).end(`{"data": ${text}`),
  'a page': (response, text) => {
    response.writeHead(502, { 'content-type': 'text/html', server: 'echo' })
    response.end(`<html><body>${text}</body></html>`)
  },
  'another place': (response, text, request) => {
    const location = `https://elsewhere.test${request.url}?token=${encodeURIComponent(text)}`
    response.writeHead(302, { location, 'x-echo': encodeURIComponent(text) }).end()
  },
  silence: (response) => void response.destroy(),
} as const satisfies Record<string, Say>

/** One of the ways. */
export type EchoWay = keyof typeof ECHO_WAYS

/** Starts the platform. */
export async function startEcho(): Promise<Echo> {
  const heard: string[] = []
  const server = createServer(async (request, response) => {
    const text = await repeated(request)
    heard.push(text)
    ECHO_WAYS[echo.way](response, text, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const echo: Echo = {
    ...{ url: `http://127.0.0.1:${port}`, way: 'a refusal', heard },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return echo
}

async function repeated(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  const { authorization = '' } = request.headers
  const credential = authorization.replace(/^\w+ /, '')
  const parts = [
    ...[`${request.method} ${request.url}`, JSON.stringify(request.headers), body],
    ...[`token ${credential}`, encodeURIComponent(credential), JSON.stringify(credential)],
    ...[
      decodeURIComponent(request.url?.replaceAll('%%', '') ?? ''),
      new URLSearchParams(body).toString(),
    ],
    Buffer.from(credential).toString('base64'),
  ]
  return parts.join(' | ')
}
