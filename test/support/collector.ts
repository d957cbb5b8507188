import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span as it was sent. */
export interface SentSpan {
  name: string
  traceId: string
  spanId: string
  /** Left out: it has none. */
  parentSpanId?: string
  attributes: Record<string, unknown>
  service: unknown
  isError: boolean
}

interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: {
      spans: (Omit<SentSpan, 'attributes'> & {
        attributes: Attribute[]
        status: { code: number }
      })[]
    }[]
  }[]
}

interface Attribute {
  key: string
  value: Record<string, unknown>
}

const STATUS_ERROR = 2

/** What takes spans over OTLP/HTTP, as a collector does. */
export interface Collector extends AsyncDisposable {
  url: string
  /** What it was sent. */
  spans: SentSpan[]
  /** The same, as it came. */
  bodies: string[]
}

/** Starts a collector. */
export async function startCollector(): Promise<Collector> {
  const spans: SentSpan[] = []
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const sent = (await json(request)) as Sent
    bodies.push(JSON.stringify(sent))
    spans.push(...spansIn(sent))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, bodies },
    [Symbol.asyncDispose]() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function spansIn({ resourceSpans }: Sent): SentSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ attributes, status, ...span }) => ({
        ...span,
        attributes: valuesOf(attributes),
        service: valuesOf(resource.attributes)['service.name'],
        isError: status.code === STATUS_ERROR,
      })),
  )
}

function valuesOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
