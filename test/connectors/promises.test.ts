import { describe, expect, test, vi } from 'vitest'
import { CATALOG, metricsOf } from '../../src/domain/catalog/catalog.ts'
import {
  ConnectorError,
  type Failure,
  type FailureKind,
  type PublicationOutcome,
  type Reading,
} from '../../src/domain/connector.ts'
import type { MetricSubject } from '../../src/domain/metric.ts'
import { PLATFORMS, type Platform } from '../../src/domain/platform.ts'

import type { FaultCase } from '../faults/case.ts'
import { CASES } from '../faults/cases.ts'
import { listAll, lookUpAll, type OnSimulator, refsOf, startOnSimulator } from './on-simulator.ts'
import { failureOfCall, NOW } from './support.ts'

const FEW = { publications: 6, newestAt: new Date(NOW.getTime() - 4 * 86_400_000) }

const CALLS = {
  readAccount: ({ connector, account, context }: OnSimulator) =>
    connector.readAccount(account, context),
  listPublications: ({ connector, account, context }: OnSimulator) =>
    connector.listPublications(account, null, context),
  readPublications: (running: OnSimulator) =>
    running.connector.readPublications(running.account, refsOf(running), running.context),
  refreshToken: ({ connector, account, context }: OnSimulator) =>
    connector.refreshToken(account, context),
} as const

type CallName = keyof typeof CALLS
const NAMES = Object.keys(CALLS) as CallName[]

/** The calls that ask something of the platform. */
const callsOf = (platform: Platform) =>
  NAMES.filter((name) => name !== 'refreshToken' || platform !== 'facebook')

/** The names that readings of a subject may use. */
function isKnownName(platform: Platform, subjects: MetricSubject[], name: string): boolean {
  const { statistics } = CATALOG[platform]
  return subjects.some(
    (subject) =>
      metricsOf(platform, subject).some((metric) => metric.name === name) ||
      prefixesOf(platform, statistics[subject]).some((prefix) => name.startsWith(prefix)),
  )
}

function prefixesOf(platform: Platform, open: { prefix: string } | undefined): string[] {
  if (open === undefined) return []
  const linkedin = ['share_statistics_', 'follower_statistics_', 'page_statistics_']
  return platform === 'linkedin' ? linkedin : [open.prefix]
}

const readingsIn = (outcomes: Iterable<PublicationOutcome>) =>
  [...outcomes].map((outcome): Reading => {
    if ('failure' in outcome) throw new Error(outcome.failure.message)
    return outcome.reading
  })

const namesIn = (readings: readonly Reading[]) =>
  readings.flatMap(({ native, missing }) => [...Object.keys(native), ...Object.keys(missing)])

function addCase({ platform, simulator }: OnSimulator, key: string): boolean {
  const found = CASES.find((each) => each.key === key) as FaultCase
  const strikes = found.strike({ platform, now: () => NOW, newest: { content: {} } }, '')
  if ('never' in strikes) return false
  for (const strike of strikes) simulator.faults.add({ ...strike, platform })
  return true
}

const KINDS: [key: string, FailureKind, Partial<Record<Platform, FailureKind>>?][] = [
  ['revoked_token', 'unauthorized'],
  ['rate_limited', 'rate_limited'],
  ['quota', 'rate_limited'],
  ['application', 'misconfigured'],
  ['credits', 'misconfigured'],
  ['version', 'misconfigured'],
  ['closed', 'unauthorized', { linkedin: 'gone', youtube: 'gone' }],
  ['unavailable', 'unavailable'],
  ['reset', 'unavailable'],
  ['cut_off', 'unavailable'],
  ['outage', 'unavailable'],
  ['truncated', 'malformed'],
  ['html', 'malformed'],
]

/** What a platform says of a publication that the token may not see. */
const FORBIDDEN: Record<Platform, FailureKind> = {
  facebook: 'gone',
  instagram: 'gone',
  linkedin: 'gone',
  tiktok: 'gone',
  x: 'missing_scope',
  youtube: 'gone',
}

/** A metric that each platform may withdraw; null: X answers with groups, which have no such end. */
const WITHDRAWN: Record<Platform, string | null> = {
  facebook: 'post_clicks',
  instagram: 'saved',
  linkedin: 'VIEWER',
  tiktok: 'share_count',
  x: null,
  youtube: 'shares',
}

const numbersIn = (outcomes: Map<string, PublicationOutcome>) =>
  readingsIn(outcomes.values()).flatMap(({ native }) => Object.keys(native))

const zerosIn = (native: Reading['native']) =>
  Object.keys(native).filter((name) => native[name] === 0)

/** What a call failed with: as a whole, or for each of its items. */
async function failuresOf(call: Promise<unknown>): Promise<Failure[]> {
  const result = await call.catch((error: unknown) => error)
  if (result instanceof ConnectorError) return [result.failure]
  if (!Array.isArray(result)) throw new Error('The call has not failed.', { cause: result })
  return result.map((outcome) => Object(outcome).failure)
}

describe.each<Platform>(PLATFORMS)('%s', (platform) => {
  test('every number that it tells has a name of the catalogue', async () => {
    await using running = await startOnSimulator(platform, { plan: FEW })
    const account = await CALLS.readAccount(running)
    const listed = (await listAll(running)).flatMap(({ reading }) => reading ?? [])
    const read = readingsIn((await lookUpAll(running)).values())
    const unknown = [
      ...namesIn([account]).filter((name) => !isKnownName(platform, ['account'], name)),
      ...namesIn([...listed, ...read]).filter(
        (name) => !isKnownName(platform, ['post', 'video'], name),
      ),
    ]
    expect(unknown).toEqual([])
    expect(read).toHaveLength(FEW.publications)
  })

  test.each(KINDS)('%s is a failure of the kind %s, with nothing secret in it', async (...row) => {
    const [key, usual, others = {}] = row
    await using running = await startOnSimulator(platform, { plan: FEW })
    if (!addCase(running, key)) return
    const kind = others[platform] ?? usual
    for (const name of ['readAccount', 'listPublications', 'readPublications'] as const) {
      const failures = await failuresOf(CALLS[name](running))
      expect([name, ...new Set(failures.map((failure) => failure.kind))]).toEqual([name, kind])
      const isTimed = failures.every(({ retryAt }) => retryAt !== null && retryAt > NOW)
      if (kind === 'rate_limited') expect(isTimed).toBe(true)
      expectNothingSecret(running, failures)
    }
  })

  test('a post that is gone and one that is hidden cost no other of their batch', async () => {
    // Whose statistics LinkedIn refuses, that post it does not show either.
    const isPrivate = platform === 'linkedin'
    const content = (index: number) => (index === 1 ? { isPrivate } : {})
    await using running = await startOnSimulator(platform, { plan: { ...FEW, content } })
    const [gone = '', hidden = ''] = refsOf(running).map(({ platformPostId }) => platformPostId)
    const { faults } = running.simulator
    faults.add({ platform, id: gone, fault: { kind: 'gone' } })
    faults.add({ platform, id: hidden, fault: { kind: 'forbidden' } })
    const outcomes = await lookUpAll(running)
    expect(outcomes.get(gone)).toMatchObject({ failure: { kind: 'gone' } })
    expect(outcomes.get(hidden)).toMatchObject({ failure: { kind: FORBIDDEN[platform] } })
    const rest = [...outcomes.values()].filter((outcome) => 'reading' in outcome)
    expect(rest).toHaveLength(FEW.publications - 2)
    expect(readingsIn(rest).flatMap(({ warnings }) => warnings)).toEqual([])
  })

  test('a metric that is withdrawn costs one metric, and for a day nothing more', async () => {
    const metric = WITHDRAWN[platform]
    if (metric === null) return
    await using running = await startOnSimulator(platform, { plan: FEW })
    const before = new Set(numbersIn(await lookUpAll(running)))
    const usual = running.urls.splice(0).length
    running.simulator.faults.add({ platform, fault: { kind: 'retired_metric', metric } })
    const left = new Set(numbersIn(await lookUpAll(running)))
    expect([...before].filter((name) => !left.has(name))).toEqual([metric.toLowerCase()])
    running.urls.splice(0)
    const again = readingsIn((await lookUpAll(running)).values())
    expect(running.urls.length).toBeLessThanOrEqual(usual)
    expect(again.flatMap(({ warnings }) => warnings)).toEqual([])
    running.simulator.faults.clear()
    const now = new Date(NOW.getTime() + 25 * 3_600_000)
    const later = { ...running, context: { ...running.context, now } }
    expect(numbersIn(await lookUpAll(later))).toContain(metric.toLowerCase())
  })

  test.each(callsOf(platform))('%s ends at its deadline', async (name) => {
    await using running = await startOnSimulator(platform, { plan: FEW, http: { deadlineMs: 150 } })
    running.simulator.faults.add({ platform, fault: { kind: 'timeout' } })
    const started = performance.now()
    const failure = await failureOfCall(CALLS[name](running))
    expect(performance.now() - started).toBeLessThan(350)
    expect(failure).toMatchObject({ kind: 'unavailable', status: null })
  })

  test.each(callsOf(platform))('%s ends when its caller wants no more', async (name) => {
    await using running = await startOnSimulator(platform, { plan: FEW })
    running.simulator.faults.add({ platform, fault: { kind: 'timeout' } })
    const caller = new AbortController()
    const context = { ...running.context, signal: caller.signal }
    const call = failureOfCall(CALLS[name]({ ...running, context }))
    await vi.waitFor(() => expect(running.simulator.calls.count()).toBeGreaterThan(0))
    const started = performance.now()
    caller.abort()
    expect((await call).kind).toBe('unavailable')
    expect(performance.now() - started).toBeLessThan(200)
  })

  test.each(callsOf(platform))('%s takes no answer above the limit', async (name) => {
    const http = { bodyMaxBytes: 10 }
    await using running = await startOnSimulator(platform, { plan: FEW, http })
    expect((await failureOfCall(CALLS[name](running))).kind).toBe('malformed')
  })

  test('ids of 19 digits without quotes are the same ids', async () => {
    await using running = await startOnSimulator(platform, { plan: FEW })
    const read = async () => [await listAll(running), await lookUpAll(running)]
    const quoted = await read()
    running.simulator.faults.add({ platform, fault: { kind: 'unquoted_ids' } })
    expect(withoutPayload(await read())).toEqual(withoutPayload(quoted))
  })

  test('words in the place of numbers are no numbers, and no zeros', async () => {
    await using running = await startOnSimulator(platform, { plan: FEW })
    const read = async () => {
      const listed = (await listAll(running)).flatMap(({ reading }) => reading ?? [])
      return listed.length > 0 ? listed : readingsIn((await lookUpAll(running)).values())
    }
    const before = await read()
    running.simulator.faults.add({ platform, fault: { kind: 'wrong_types' } })
    const readings = await read()
    expect(readings.length).toBeGreaterThan(3)
    const told = new Set(before.flatMap(({ native }) => zerosIn(native)))
    for (const { native, missing, warnings } of readings) {
      expect(zerosIn(native).filter((name) => !told.has(name))).toEqual([])
      expect(Object.values(missing)).toContain('fetch_failed')
      expect(warnings.length).toBeGreaterThan(0)
    }
  })

  test('nothing that it sends or tells holds a credential, but what tokens are exchanged with', async () => {
    await using running = await startOnSimulator(platform, { plan: FEW })
    const told = [
      await CALLS.readAccount(running),
      await listAll(running),
      [...(await lookUpAll(running)).values()],
    ]
    expectNothingSecret(running, told)
    expectNothingSecret(running, running.urls)
    running.urls.splice(0)
    running.clock.now = new Date(NOW.getTime() + 25 * 3_600_000)
    await CALLS.refreshToken({
      ...running,
      context: { ...running.context, now: running.clock.now },
    })
    // Instagram takes the token that is to be exchanged nowhere else.
    if (platform !== 'instagram') expectNothingSecret(running, running.urls)
  })
})

function expectNothingSecret({ account, simulator }: OnSimulator, told: unknown): void {
  const text = JSON.stringify(told)
  for (const secret of [account.accessToken, account.refreshToken, simulator.client.secret]) {
    if (secret === null) continue
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
  }
}

// Payloads repeat the answers, in which the ids stand as they came.
function withoutPayload(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, each]) => [key, withoutPayload(each)])
  if (Array.isArray(value)) return value.map(withoutPayload)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const fields = Object.entries(value).filter(([name]) => name !== 'payload')
  return Object.fromEntries(fields.map(([name, each]) => [name, withoutPayload(each)]))
}
