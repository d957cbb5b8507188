import {
  type AccountReading,
  type CallContext,
  type Connector,
  ConnectorError,
  type Content,
  type Failure,
  type ListedPublication,
  type Listing,
  type PublicationOutcome,
  type PublicationRef,
  type Reading,
} from '../domain/connector.ts'
import type { RefreshLimits } from './dependencies.ts'
import type { Plan } from './planner.ts'
import type { Session } from './tokens.ts'

/** What became of one part of a refresh. */
export type Outcome<Found extends Reading> = { reading: Found } | { failure: Failure }

/** What a refresh learned of one publication. */
export interface PublicationFinding {
  /** Its content, where the platform said; null: only its numbers are known. */
  content: Content | null
  /** Null while it is only known to exist. */
  outcome: Outcome<Reading> | null
}

/** Everything that a refresh has learned so far. One part that failed takes no other down. */
export interface Findings {
  /** The account's own numbers; null: not asked for. */
  account: Outcome<AccountReading> | null
  /** How listing the account's content went, and what was left out of it; null: not asked for. */
  listing: { failure: Failure | null; warnings: string[] } | null
  /** By the platform's post id. */
  publications: Map<string, PublicationFinding>
  /** When the account's access ends for good; null: never, or nobody knows. */
  accessEndsAt: Date | null
}

/** Nothing learned yet. */
export function noFindings(): Findings {
  return { account: null, listing: null, publications: new Map(), accessEndsAt: null }
}

/** What reading needs. */
export interface Reader {
  connector: Connector
  session: Session
  context: CallContext
  limits: RefreshLimits
}

/** Reads what the plan names and is not found yet, and adds it to the findings. */
export async function readPlanned(reader: Reader, plan: Plan, findings: Findings): Promise<void> {
  if (plan.listing && findings.listing === null) await listContent(reader, findings)
  if (plan.account && findings.account === null) await readAccount(reader, findings)
  await readPublications(reader, plan, findings)
  findings.accessEndsAt = reader.session.endsAt()
}

async function listContent(reader: Reader, findings: Findings): Promise<void> {
  const { connector, session, context, limits } = reader
  const warnings: string[] = []
  findings.listing = { failure: null, warnings }
  const isFull = () => findings.publications.size >= limits.discoveryMax
  let cursor: string | null = null
  try {
    for (let pages = 0; pages < limits.listingPagesMax && !isFull(); pages += 1) {
      const from: string | null = cursor
      const page: Listing = await session.call((account) =>
        connector.listPublications(account, from, context),
      )
      if (page.account) findings.account = { reading: page.account }
      warnings.push(...(page.warnings ?? []))
      for (const item of page.items) if (!isFull()) addListed(findings, item)
      cursor = page.nextCursor
      // A platform that names the same page again would go on for ever.
      if (cursor === null || cursor === from) return
    }
  } catch (error) {
    findings.listing = { failure: failureOf(error, context), warnings }
  }
}

// A pinned item can come twice; the first counts.
function addListed({ publications }: Findings, item: ListedPublication): void {
  if (publications.has(item.platformPostId)) return
  const outcome = item.reading && { reading: item.reading }
  publications.set(item.platformPostId, { content: item.content, outcome })
}

async function readAccount(reader: Reader, findings: Findings): Promise<void> {
  const { connector, session, context } = reader
  try {
    const reading = await session.call((account) => connector.readAccount(account, context))
    findings.account = { reading }
  } catch (error) {
    findings.account = { failure: failureOf(error, context) }
  }
}

async function readPublications(reader: Reader, plan: Plan, findings: Findings): Promise<void> {
  const refs = await refsOf(plan, findings)
  if (refs.length === 0) return
  const outcomes = await publicationOutcomes(reader, refs)
  for (const { platformPostId } of refs) {
    const outcome = outcomes.get(platformPostId) ?? {
      platformPostId,
      failure: failureFor('The platform did not answer for it.'),
    }
    const listed = findings.publications.get(platformPostId)?.content ?? null
    const told = 'reading' in outcome ? outcome.reading.content : null
    findings.publications.set(platformPostId, { content: told ?? listed, outcome })
  }
}

// What the listing named without its numbers, and what is known and the listing did not cover.
async function refsOf(plan: Plan, { publications }: Findings): Promise<PublicationRef[]> {
  const named = [...publications].flatMap(([platformPostId, { content, outcome }]) =>
    outcome === null && content ? [{ ...content, platformPostId }] : [],
  )
  const others = named.length === 0 ? null : await plan.others()
  const listed = named.filter(({ platformPostId }) => !others?.has(platformPostId))
  const known = plan.publications.filter((each) => !publications.has(each.platformPostId))
  return [...listed, ...known].map(({ platformPostId, contentType, publishedAt }) => ({
    platformPostId,
    contentType,
    publishedAt,
  }))
}

async function publicationOutcomes(
  { connector, session, context }: Reader,
  refs: readonly PublicationRef[],
): Promise<Map<string, PublicationOutcome>> {
  try {
    const outcomes = await session.call((account) =>
      connector.readPublications(account, refs, context),
    )
    return new Map(outcomes.map((outcome) => [outcome.platformPostId, outcome]))
  } catch (error) {
    const failure = failureOf(error, context)
    return new Map(refs.map(({ platformPostId }) => [platformPostId, { platformPostId, failure }]))
  }
}

function failureOf(error: unknown, { signal }: CallContext): Failure {
  if (error instanceof ConnectorError) return error.failure
  if (!signal.aborted) throw error
  return { ...failureFor('Reading took longer than a refresh may.'), kind: 'unavailable' }
}

function failureFor(message: string): Failure {
  const none = { status: null, body: null, retryAt: null, isHostDown: false }
  return { kind: 'malformed', message, ...none }
}
