import { expect, test } from 'vitest'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import { type Findings, noFindings, readPlanned } from '../../src/refresh/findings.ts'
import {
  lookUpAll,
  type OnSimulator,
  refsOf,
  startOnSimulator,
} from '../connectors/on-simulator.ts'
import { CALL_FIGURES, type CallFigures, figuresTitle, PUBLICATIONS } from './figures.ts'

function startAccount({ platform, scopes }: CallFigures): Promise<OnSimulator> {
  const plan = { publications: PUBLICATIONS, everyHours: 6 }
  return startOnSimulator(platform, { plan: { ...plan, ...(scopes && { scopes }) } })
}

/** What a refresh of the whole account reads: how many subjects were answered for. */
async function readAll(running: OnSimulator): Promise<number> {
  const found = await readListed(running)
  const { connector, account, context } = running
  // What the listing does not reach back to is known from earlier refreshes.
  const known = refsOf(running).filter((ref) => !found.publications.has(ref.platformPostId))
  const read = known.length === 0 ? [] : await connector.readPublications(account, known, context)
  const listed = [...found.publications.values()].map(({ outcome }) => outcome)
  const outcomes = [found.account, ...listed, ...read]
  return outcomes.filter((outcome) => outcome && 'reading' in outcome).length
}

async function readListed({ connector, account, context }: OnSimulator): Promise<Findings> {
  const findings = noFindings()
  const session = {
    call: <Answer>(make: (with_: typeof account) => Promise<Answer>) => make(account),
    refusal: () => null,
    endsAt: () => null,
    isInUse: () => true,
  }
  const limits = { ...REFRESH_LIMITS, discoveryMax: PUBLICATIONS }
  const plan = {
    account: true,
    listing: true,
    publications: [],
    others: async () => new Set<string>(),
  }
  await readPlanned({ connector, session, context, limits }, plan, findings)
  return findings
}

test.each(CALL_FIGURES.map((figures) => [figuresTitle(figures), figures] as const))(
  '%s: a refresh of 1,000 publications costs the calls that are documented',
  async (_, figures) => {
    await using running = await startAccount(figures)
    expect(await readAll(running)).toBe(PUBLICATIONS + 1)
    expect(running.simulator.calls.count()).toBe(figures.refresh.calls)
    expect(running.urls).toHaveLength(figures.refresh.calls)
  },
)

test.each(CALL_FIGURES.map((figures) => [figuresTitle(figures), figures] as const))(
  '%s: 1,000 publications by id cost at most one call more than the fewest',
  async (_, figures) => {
    await using running = await startAccount(figures)
    const outcomes = await lookUpAll(running)
    const { calls } = running.simulator
    expect([...outcomes.values()].filter((each) => 'reading' in each)).toHaveLength(PUBLICATIONS)
    expect(calls.count()).toBe(figures.lookUp.calls)
    const { path } = figures.least
    expect(calls.count(path && { path })).toBeLessThanOrEqual(figures.least.calls + 1)
  },
)
