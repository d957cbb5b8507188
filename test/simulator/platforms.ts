import type { Platform } from '../../src/domain/platform.ts'
import type { AccountPlan, SimulatedAccount } from '../../src/simulator/account.ts'
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts'
import { createTokens } from '../../src/simulator/tokens.ts'
import { createWorld, type World } from '../../src/simulator/world.ts'

/** When tests take place unless they say otherwise. */
export const NOW = new Date('2026-11-20T12:00:00Z')

export const DAY_MS = 86_400_000

/** What a platform answered. `body` is parsed JSON; text that is none stays text. */
export interface Said {
  status: number
  headers: Headers
  text: string
  body: unknown
}

/** The simulated platforms with a clock that tests move. */
export interface Platforms extends AsyncDisposable {
  simulator: Simulator
  world: World
  clock: { now: Date }
  /** The first account of the plan, or the one at `place`. */
  account(place?: number): SimulatedAccount
  /** A token of the application itself. */
  appToken(platform: Platform): string
  /** Sends a request below a platform's base URL, with the account's token unless it has one. */
  ask(path: string, options?: AskOptions): Promise<Said>
}

export interface AskOptions extends RequestInit {
  /** Whose token to send; null for none. */
  as?: SimulatedAccount | null
  token?: string
  /** Below which of the simulator's prefixes; the account's platform by default. */
  prefix?: string
}

/** Starts platforms over a plan of accounts; three brands on every platform by default. */
export async function startPlatforms(
  accounts?: AccountPlan[],
  options: Partial<SimulatorOptions> = {},
): Promise<Platforms> {
  const clock = { now: NOW }
  const world = createWorld({ seed: 7, ...(accounts && { accounts }) })
  const simulator = await startSimulator({ world, port: 0, now: () => clock.now, ...options })
  const account = (place = 0) => {
    const found = world.accounts[place]
    if (found === undefined) throw new Error('The plan has no such account.')
    return found
  }
  return {
    ...{ simulator, world, clock, account },
    appToken: (platform) => createTokens(world.seed).appTokenFor(platform, clock.now),
    ask: async (path, { as = account(), token, prefix, ...init } = {}) => {
      const headers = new Headers(init.headers)
      const bearer = token ?? (as === null ? null : simulator.tokensOf(as).accessToken)
      if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`)
      const base = `${simulator.url}/${prefix ?? (as ?? account()).platform}`
      return said(await fetch(`${base}${path}`, { ...init, headers }))
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}

/** A plan for one account with regular publications; the newest one is an hour old. */
export function planFor(platform: Platform, plan: Partial<AccountPlan> = {}): AccountPlan {
  const ids: Partial<Record<Platform, string>> = {
    x: '1700000000000000001',
    tiktok: '723f24d7-e717-40f8-a2b6-cb8464cd23b4',
    instagram: '17841400000000123',
    facebook: '100060000000123',
    linkedin: '1337',
    youtube: 'UCabcdefghijklmnopqrstu1',
  }
  return {
    platform,
    platformAccountId: ids[platform] ?? '1',
    handle: 'acme',
    publications: 5,
    everyHours: 24,
    newestAt: new Date(NOW.getTime() - 3_600_000),
    ...plan,
  }
}

/** The ids of an account's publications, newest first. */
export function idsOf({ world, clock, account }: Platforms, place = 0): string[] {
  return world.publications(account(place), clock.now).map((one) => one.platformPostId)
}

/** What lies at a path inside an answer; undefined where it ends. */
export function at({ body }: Said, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], body)
}

/** The list at a path inside an answer; empty where there is none. */
export function listAt(answer: Said, ...path: (string | number)[]): Record<string, unknown>[] {
  const list = at(answer, ...path)
  return Array.isArray(list) ? list : []
}

/** The ids of the list at a path inside an answer. */
export function idsAt(answer: Said, ...path: (string | number)[]): unknown[] {
  return listAt(answer, ...path).map((one) => one['id'])
}

/** A POST of JSON. */
export function json(value: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  }
}

/** A POST of form fields. */
export function form(fields: Record<string, string>): RequestInit {
  return { method: 'POST', body: new URLSearchParams(fields) }
}

async function said(response: Response): Promise<Said> {
  const text = await response.text()
  const { headers, status } = response
  return { status, headers, text, body: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
