import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Now } from '../domain/clock.ts'
import type { SimulatedAccount } from './account.ts'
import { type Answer, htmlAnswer, jsonAnswer } from './answer.ts'
import { idsOf, outcomeOf } from './answering.ts'
import { type CallLog, type CallRecord, createCallLog } from './calls.ts'
import { answerControl } from './control.ts'
import { claimsIn } from './credentials.ts'
import { createFaults, type Faults } from './faults.ts'
import { createLimits } from './limits.ts'
import { MOUNTS } from './mounts.ts'
import { createRouter, type Destination, type Router } from './router.ts'
import type { Call, ClientCredentials, Simulation, Switches } from './simulation.ts'
import { createTokens, type GrantOptions, type TokenClaims, type TokenGrant } from './tokens.ts'
import type { World } from './world.ts'

const BODY_BYTES_MAX = 1_048_576

/** The application that the simulated platforms know, unless they are told of another. */
export const SIMULATED_CLIENT: ClientCredentials = {
  id: 'weir-simulated-app',
  secret: 'weir-simulated-secret',
}

/** How the platforms behave unless a test or a person switches them. */
export const USUAL_SWITCHES: Switches = {
  xVocabulary: 'both',
  xProblemHost: 'api.twitter.com',
  xAnalytics: 'not_enrolled',
  xAnalyticsNumbers: 'numbers',
  tiktokTokens: 'rotating',
  tiktokStatus: 'own',
  linkedinTier: 'standard',
  linkedinTokens: 'refreshable',
  linkedinVideoValues: 'numbers',
  limits: 'on',
}

/** What a simulator is started with. */
export interface SimulatorOptions {
  world: World
  /** 0: any free port. */
  port: number
  now: Now
  host?: string
  client?: ClientCredentials
  switches?: Partial<Switches>
  /** How long every answer takes. Default 0. */
  latencyMs?: number
}

/** The platforms, listening on one port. */
export interface Simulator extends AsyncDisposable {
  url: string
  /** The platforms' base URLs by the configuration variables that take them. */
  origins: Record<string, string>
  world: World
  calls: CallLog
  faults: Faults
  /** Change a field, and the next answer follows. */
  switches: Switches
  client: ClientCredentials
  /** Fresh tokens of an account, or those that were issued at another time or for other scopes. */
  tokensOf(account: SimulatedAccount, options?: Partial<GrantOptions>): TokenGrant
  /** A code as the platform's consent page hands it out. */
  codeFor(account: SimulatedAccount, options?: Partial<GrantOptions>): string
  /** Breaks open connections and stops listening. */
  close(): Promise<void>
}

interface Running {
  simulation: Simulation
  router: Router
  calls: CallLog
  now: Now
  latencyMs: number
  /** Ends the waiting of late answers. */
  closing: AbortController
}

/** Starts the platforms on loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const running = createRunning(options)
  const { simulation, calls } = running
  const server = createServer((request, response) => {
    respond(request, response, running).catch((error) => {
      // Whatever a platform would not answer is a fault of the simulator, and should look like one.
      if (response.headersSent || running.closing.signal.aborted) response.destroy()
      else send(response, jsonAnswer(500, { error: `The simulator failed: ${error}` }))
    })
  })
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = `http://${host}:${port}`
  const issued = (grant?: Partial<GrantOptions>) => ({ issuedAt: options.now(), ...grant })
  const close = () =>
    new Promise<void>((resolve) => {
      running.closing.abort()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url,
    origins: originsBelow(url),
    world: options.world,
    calls,
    faults: simulation.faults,
    switches: simulation.switches,
    client: simulation.client,
    tokensOf: (account, grant) => simulation.tokens.grant(account, issued(grant)),
    codeFor: (account, grant) => simulation.tokens.codeFor(account, issued(grant)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function createRunning(options: SimulatorOptions): Running {
  const { client, latencyMs = 0, now, switches, world } = options
  const simulation = {
    world,
    tokens: createTokens(world.seed),
    faults: createFaults(),
    limits: createLimits(),
    switches: { ...USUAL_SWITCHES, ...switches },
    client: client ?? SIMULATED_CLIENT,
  }
  const router = createRouter(MOUNTS)
  const closing = new AbortController()
  return { simulation, router, calls: createCallLog(), now, latencyMs, closing }
}

function originsBelow(url: string): Record<string, string> {
  return Object.fromEntries(
    MOUNTS.flatMap(({ prefix, variable }) => (variable ? [[variable, `${url}${prefix}`]] : [])),
  )
}

async function respond(request: IncomingMessage, response: ServerResponse, running: Running) {
  const { calls, now, router, simulation } = running
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const body = await bodyOf(request)
  if (body === null) return send(response, htmlAnswer(413, 'Payload Too Large'))
  const method = request.method ?? 'GET'
  const control = { method, path: url.pathname, query: url.searchParams, body, now: now() }
  const controlled = answerControl(control, simulation, calls)
  if (controlled !== null) return send(response, controlled)
  const claims = claimsIn(request.headers, url.searchParams, body, simulation.tokens)
  const destination = router(method, url.pathname, claims?.platform)
  if (destination === null) return send(response, jsonAnswer(404, { error: 'No platform here.' }))
  const call = callOf(request, { url, body, destination, claims, now: now() })
  const record = recordOf(call, destination)
  calls.add(record)
  const outcome = outcomeOf(call, destination, simulation)
  if (outcome.kind === 'silence') return
  if (outcome.kind === 'reset') return request.socket.resetAndDestroy()
  const { signal } = running.closing
  const waitMs = outcome.afterMs + running.latencyMs
  if (waitMs > 0) await delay(waitMs, undefined, { signal })
  if (outcome.isCutOff) return sendHalf(response, outcome.answer)
  record.status = outcome.answer.status
  send(response, outcome.answer)
}

interface Arrival {
  url: URL
  body: string
  destination: Destination
  claims: TokenClaims | null
  now: Date
}

function callOf(request: IncomingMessage, { url, body, destination, claims, now }: Arrival): Call {
  const { headers } = request
  const { mount, params, path } = destination
  return {
    platform: mount.platform,
    method: request.method ?? 'GET',
    path,
    baseUrl: `${url.origin}${mount.prefix}`,
    params,
    query: url.searchParams,
    rawQuery: url.search.slice(1),
    headers,
    body,
    now,
    accountId: claims?.accountId ?? null,
  }
}

function recordOf(call: Call, destination: Destination): CallRecord {
  return {
    at: call.now,
    platform: call.platform,
    method: call.method,
    path: call.path,
    ids: idsOf(call, destination),
    accountId: call.accountId,
    status: null,
  }
}

// The text of a request; null for one that is larger than any that a platform takes.
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= BODY_BYTES_MAX) chunks.push(chunk)
  }
  return size > BODY_BYTES_MAX ? null : Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

function sendHalf(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy())
}
