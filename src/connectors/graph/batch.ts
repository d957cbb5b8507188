import { ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import { excerptOf } from '../body.ts'
import { failureOf } from '../failures.ts'
import type { Answer } from '../http.ts'
import { isObject, numberOf, parsed, textOf } from '../json.ts'
import { parseJson } from '../json-text.ts'
import { redact, redactAll } from '../redact.ts'
import { reportGraphBudget, reportRefusal } from './budget.ts'
import { type GraphCaller, graphFailure, isGraphTrouble } from './errors.ts'
import { GRAPH_VERSION, type Graph, type GraphHost, openGraph, relativeUrl } from './graph.ts'

/** How many reads one call takes. */
const BATCH_MAX = 50

/** How often a read is sent that the platform did not finish. */
const ROUNDS_MAX = 3

/** A read on its way. */
interface Part {
  relativeUrl: string
  /** Sends it in a call of its own, and is done when that is. */
  sendAlone(): Promise<void>
  /** Takes the answer to it, as if it had come alone. */
  settle(answer: Answer): void
  fail(error: unknown): void
}

interface Wire extends GraphCaller {
  host: GraphHost
}

/**
 * The Graph API with one call for up to 50 reads: those that are asked for at the same time travel
 * together, each with its own outcome, and one alone travels as itself. On graph.facebook.com only.
 */
export function openBatchingGraph(host: GraphHost, caller: GraphCaller): Graph {
  const alone = openGraph(host, caller)
  const waiting: Part[] = []
  let onTheirWay = 0
  const send = async (batch: readonly Part[]) => {
    onTheirWay += 1
    await sendTogether({ host, ...caller }, batch)
    onTheirWay -= 1
    sendSoon()
  }
  // A call that is not full waits for those on their way: who is answered may ask for more.
  const sendAll = () => {
    while (waiting.length >= BATCH_MAX || (waiting.length > 0 && onTheirWay === 0)) {
      void send(waiting.splice(0, BATCH_MAX))
    }
  }
  // Once around the event loop: by then everyone who asks at this moment has asked.
  const sendSoon = () => void setImmediate(sendAll)
  return {
    parallelReads: BATCH_MAX,
    ask: (query, read) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) sendSoon()
        waiting.push({
          relativeUrl: relativeUrl(query),
          sendAlone: () => alone.ask(query, read).then(resolve, reject),
          settle(answer) {
            const failure = graphFailure(host.dialect, answer, caller)
            reportRefusal(failure, caller)
            if (failure === null) resolve(parsed(host.dialect.label, answer, read))
            else reject(failure)
          },
          fail: reject,
        })
      }),
  }
}

async function sendTogether(wire: Wire, batch: readonly Part[]): Promise<void> {
  const [first, ...others] = batch
  if (first && others.length === 0) return first.sendAlone()
  let left = batch
  try {
    for (let round = 1; left.length > 0; round += 1) {
      left = await sendRound(wire, left, round === ROUNDS_MAX)
    }
  } catch (error) {
    for (const part of left) part.fail(error)
  }
}

/** Sends the parts in one call, settles them and returns those that are worth another one. */
async function sendRound(wire: Wire, parts: readonly Part[], isLast: boolean): Promise<Part[]> {
  const { outer, items } = await askTogether(wire, parts)
  return parts.filter((part, index) => {
    try {
      const answer = innerAnswer(wire, outer, items[index] ?? null)
      const isUnfinished = answer === null || isWorthRepeating(wire, answer)
      if (isUnfinished && !isLast) return true
      if (answer === null) throw unfinished(wire, outer)
      part.settle(answer)
    } catch (error) {
      part.fail(error)
    }
    return false
  })
}

// As a call of its own would be: where the platform says nothing, the status does.
function isWorthRepeating({ host }: Wire, answer: Answer): boolean {
  return isGraphTrouble(host.dialect, answer) ?? answer.status >= 500
}

/** One call for all parts. Throws when the call itself failed: then no part has an answer. */
async function askTogether(
  { host, account, context }: Wire,
  parts: readonly Part[],
): Promise<{ outer: Answer; items: JsonValue[] }> {
  const { dialect, http, origin } = host
  const operations = parts.map((part) => ({ method: 'GET', relative_url: part.relativeUrl }))
  const form = new URLSearchParams({
    include_headers: 'false',
    batch: JSON.stringify(operations),
  })
  const outer = await http.send(
    {
      label: dialect.label,
      method: 'POST',
      url: `${origin}/${GRAPH_VERSION}/`,
      token: account.accessToken,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      isRead: true,
      isTransient: (each) => isGraphTrouble(dialect, each),
      account: account.account.platformAccountId,
    },
    context,
  )
  const failure = graphFailure(dialect, outer, { account, context })
  reportGraphBudget(outer, failure, { account, context })
  if (failure !== null) throw failure
  return parsed(dialect.label, outer, (body) => {
    if (Array.isArray(body)) return { outer, items: body }
    throw malformed(dialect.label, outer, 'a batch with something other than a list')
  })
}

/** The answer to one part; null for one that was not finished. Throws `malformed`. */
function innerAnswer({ host, account }: Wire, outer: Answer, item: JsonValue): Answer | null {
  if (item === null) return null
  const status = isObject(item) ? numberOf(item['code']) : null
  const text = isObject(item) ? textOf(item['body']) : null
  if (status === null || text === null || status < 100 || status > 599) {
    throw malformed(host.dialect.label, outer, 'a part of a batch without a code and a body')
  }
  // Within a text within a text, a credential may be spelled in a way of its own.
  const secrets = [account.accessToken]
  return {
    status,
    headers: outer.headers,
    json: parseJson(redact(text, secrets)),
    tokens: undefined,
    excerpt: excerptOf(redactAll(text, secrets)),
  }
}

function malformed(label: string, outer: Answer, what: string): ConnectorError {
  return new ConnectorError(failureOf(outer, 'malformed', `${label} answered with ${what}.`))
}

function unfinished({ host }: Wire, outer: Answer): ConnectorError {
  const message = `${host.dialect.label} did not finish this part of a batch.`
  return new ConnectorError(failureOf(outer, 'unavailable', message))
}
