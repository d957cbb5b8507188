import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A change of one place of an answer: which one, counted through, and what stands there then. */
export interface Change {
  place: number
  value: unknown
}

/** A proxy in front of a platform that changes its answers. */
export interface Spoiler extends AsyncDisposable {
  /** What is changed in every answer from now on; none at first. */
  changes: Change[]
  /** Instead of the platform's answers; null: they are passed on. */
  instead: { status: number; text: string } | null
  /** Puts the proxy in front of the platform at a URL; the proxy's own URL. */
  through(url: string): string
}

/** Starts a proxy. */
export async function startSpoiler(): Promise<Spoiler> {
  let upstream = ''
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const spoiler: Spoiler = {
    changes: [],
    instead: null,
    through: (url) => {
      upstream = url
      return `http://127.0.0.1:${port}`
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const answer = await forwarded(upstream, request)
    const { status, text } = spoiler.instead ?? {
      ...answer,
      text: changed(answer.text, spoiler.changes),
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  }
  return spoiler
}

async function forwarded(upstream: string, request: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
  const init = {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>,
    ...(request.method === 'POST' && { body: Buffer.concat(chunks) }),
  }
  const answer = await fetch(`${upstream}${request.url}`, init)
  return { status: answer.status, text: await answer.text() }
}

function changed(text: string, changes: readonly Change[]): string {
  if (changes.length === 0) return text
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return text
  }
  return JSON.stringify(changes.reduce(withChange, json))
}

function withChange(json: unknown, { place, value }: Change): unknown {
  const places = countOf(json)
  return replaced(json, { left: place % places }, value)
}

function countOf(json: unknown): number {
  return partsOf(json).reduce((sum: number, part) => sum + countOf(part), 1)
}

function partsOf(json: unknown): unknown[] {
  return typeof json === 'object' && json !== null ? Object.values(json) : []
}

function replaced(json: unknown, counter: { left: number }, value: unknown): unknown {
  if (counter.left < 0) return json
  counter.left -= 1
  if (counter.left < 0) return value
  if (Array.isArray(json)) return json.map((part) => replaced(part, counter, value))
  if (typeof json !== 'object' || json === null) return json
  const parts = Object.entries(json).map(([key, part]) => [key, replaced(part, counter, value)])
  return Object.fromEntries(parts)
}
