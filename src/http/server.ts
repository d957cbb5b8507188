import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../domain/log.ts'
import { sendError } from './answers.ts'
import { createPlaces, type Place } from './places.ts'
import { refuseBrokenRequests } from './refused-sockets.ts'
import { observeRequests, type ServerObservers } from './request-watch.ts'
import { endUnread } from './unread.ts'

// Longer than the minute after which load balancers give up idle connections themselves.
const KEEP_ALIVE_MS = 65_000
const TIMEOUT_CHECKS = 4

/** What a server serves, and for how long it waits. */
export interface HttpServerOptions {
  host: string
  /** 0: any free port. */
  port: number
  /** Who answers, by exact path. */
  routes: Readonly<Record<string, RequestListener>>
  /** Who answers whatever is below a path, and the path itself; the longest that fits counts. */
  mounts?: Readonly<Record<string, RequestListener>>
  /** What routes and mounts are called where requests are counted; those left out: `other`. */
  surfaces?: Readonly<Record<string, string>>
  /** Where a browser that opens the root is sent. */
  home: string
  /** How long a request may take to arrive. */
  requestTimeoutMs: number
  /** How long a connection may stand still while an answer is made or read; left out: for ever. */
  stallTimeoutMs?: number
  /** How many connections there may be at once, before others are closed; left out: any number. */
  connectionsMax?: number
  /** How long requests in hand may take to finish once the server stops. */
  stopTimeoutMs: number
  log: Log
  /** Who hears of requests; left out: nobody. */
  observers?: ServerObservers
}

/** A server that listens. */
export interface HttpServer {
  /** Scheme, host and port, without a slash at the end. */
  url: string
  /** What it answers: exact paths, and those that more lies below. */
  paths: readonly string[]
  /** Accepts nothing more, and resolves when what is in hand is answered or given up. */
  stop(): Promise<void>
}

/** Starts to listen. Rejects with the system's error when the port or the host cannot be had. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const state = { isStopping: false }
  const placeAt = createPlaces(options)
  const observed = observeRequests(options)
  const server = createServer(timing(options), (request, response) => {
    const { socket } = request
    response.prependOnceListener('finish', () => {
      // A body that was refused half-way would hold its connection for ever. Node itself is next, and
      // would break it off.
      if (!request.complete) endUnread(socket)
      // Whoever keeps the connection would otherwise hold up the stop.
      if (state.isStopping) setImmediate(() => server.closeIdleConnections())
    })
    const path = pathOf(request)
    const place = placeAt(path)
    observed({ request, response, path, surface: place.surface }, () =>
      answer({ options, place, path }, request, response),
    )
  })
  server.setTimeout(options.stallTimeoutMs ?? 0)
  server.maxConnections = options.connectionsMax ?? Number.POSITIVE_INFINITY
  refuseBrokenRequests(server)
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${reachable(options.host)}:${port}`,
    paths: [...Object.keys(options.routes), ...Object.keys(options.mounts ?? {})],
    stop: () => {
      state.isStopping = true
      return close(server, options.stopTimeoutMs)
    },
  }
}

function timing({ requestTimeoutMs }: HttpServerOptions): ServerOptions {
  return {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // How often it is looked who has taken too long.
    connectionsCheckingInterval: Math.ceil(requestTimeoutMs / TIMEOUT_CHECKS),
  }
}

// Where a client of this machine finds a server that listens everywhere.
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function listen(server: Server, { host, port }: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeoutMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

type Response = Parameters<RequestListener>[1]

interface Way {
  options: HttpServerOptions
  place: Place
  path: string
}

async function answer(way: Way, request: IncomingMessage, response: Response): Promise<void> {
  const { listener } = way.place
  try {
    if (listener) await listener(request, response)
    else answerNowhere(way, request, response)
  } catch (error) {
    way.options.log.error({ error, path: way.path }, 'request failed')
    if (response.headersSent) response.destroy()
    else sendError(response, 500, { code: 'INTERNAL_SERVER_ERROR', message: 'Something broke.' })
  }
}

function answerNowhere({ options, path }: Way, request: IncomingMessage, response: Response): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (path === '/' && isRead && request.headers.accept?.includes('text/html')) {
    response.writeHead(302, { location: options.home }).end()
    return
  }
  const message = `There is nothing at ${path}. The graph is at ${options.home}.`
  sendError(response, 404, { code: 'NOT_FOUND', message })
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
