import { type CallContext, type ConnectedAccount, ConnectorError } from '../../domain/connector.ts'
import type { JsonValue } from '../../domain/json.ts'
import type { Answer, Http } from '../http.ts'
import { parsed } from '../json.ts'
import { grantKey, type Memory } from '../memory.ts'
import { reportLinkedinBudget } from './budget.ts'
import { LABEL, linkedinFailure, usedUpQuota } from './errors.ts'
import { knownLimit, noteUsedUp } from './quotas.ts'

/** The version of the API that this connector is written for. LinkedIn ends each after a year. */
export const LINKEDIN_VERSION = '202609'

const NO_SUCH_VERSION = 426

/** A request. Values stand in the URL as they are: what needs encoding is encoded already. */
export interface LinkedinQuery {
  path: `/rest/${string}`
  params: Record<string, string>
  method: 'GET' | 'FINDER' | 'BATCH_GET'
}

/** LinkedIn's REST API with the account's own token. */
export interface LinkedinApi {
  /** What `read` makes of the answer. Throws what the call failed with. */
  ask<T>(
    query: LinkedinQuery,
    account: ConnectedAccount,
    context: CallContext,
    read: (body: JsonValue) => T,
  ): Promise<T>
}

/** What every reading is asked with. */
export interface LinkedinSession {
  api: LinkedinApi
  account: ConnectedAccount
  context: CallContext
  memory: Memory
}

/** What the API is reached with. */
export interface LinkedinWire {
  http: Http
  origin: string
  memory: Memory
}

/**
 * The API at a base URL. It asks for the pinned version until LinkedIn ends that, and from then on
 * for the one of the month before, if that one still lives. An endpoint whose quota is known to be
 * used up is not asked before it is full again.
 */
export function createLinkedinApi(wire: LinkedinWire): LinkedinApi {
  let version = LINKEDIN_VERSION
  const send = async (query: LinkedinQuery, account: ConnectedAccount, context: CallContext) => {
    const sendAs = (asked: string) => {
      const request = toRequest(wire, query, account, { version: asked, now: context.now })
      return wire.http.send(request, context)
    }
    const asked = version
    const answer = await sendAs(asked)
    if (answer.status !== NO_SUCH_VERSION || asked !== LINKEDIN_VERSION) return answer
    const older = monthBefore(LINKEDIN_VERSION)
    const second = await sendAs(older)
    if (second.status === NO_SUCH_VERSION) return answer
    version = older
    return second
  }
  return {
    async ask(query, account, context, read) {
      const asked = { resource: resourceOf(query), account, context }
      const limit = knownLimit(wire.memory, asked)
      if (limit !== null) throw new ConnectorError(limit)
      const answer = await send(query, account, context)
      reportLinkedinBudget(context, null)
      const usedUp = usedUpQuota(answer)
      if (usedUp !== null) noteUsedUp(wire.memory, usedUp, asked)
      const failure = linkedinFailure(answer, context.now)
      if (failure !== null) throw new ConnectorError(failure)
      return parsed(LABEL, answer, read)
    },
  }
}

function resourceOf({ path }: LinkedinQuery): string {
  return path.split('/')[2] ?? ''
}

/** The version of the month before, `YYYYMM`. */
function monthBefore(version: string): string {
  const [year, month] = [Number(version.slice(0, 4)), Number(version.slice(4))]
  return new Date(Date.UTC(year, month - 2)).toISOString().slice(0, 7).replace('-', '')
}

// The URL is put together by hand: URLSearchParams would encode the syntax of Rest.li as well.
function toRequest(
  { origin, memory }: LinkedinWire,
  { path, params, method }: LinkedinQuery,
  account: ConnectedAccount,
  { version, now }: { version: string; now: Date },
) {
  const query = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  const headers = {
    'linkedin-version': version,
    'x-restli-protocol-version': '2.0.0',
    ...(method === 'GET' ? {} : { 'x-restli-method': method }),
  }
  const isFresh = memory.knows(freshKey(account), now)
  let refusals = 0
  return {
    label: LABEL,
    method: 'GET' as const,
    url: `${origin}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    token: account.accessToken,
    headers,
    isRead: true,
    // A new token may be refused in its first seconds. What is refused twice is refused.
    isTransient: ({ status }: Answer) => {
      if (status !== 401 || !isFresh) return null
      refusals += 1
      return refusals === 1
    },
  }
}

const FRESH_MS = 60_000

/** Notes that a token is new. */
export function rememberFreshToken(
  memory: Memory,
  token: Pick<ConnectedAccount, 'accessToken'>,
  now: Date,
): void {
  memory.remember(freshKey(token), new Date(now.getTime() + FRESH_MS))
}

function freshKey(token: Pick<ConnectedAccount, 'accessToken'>): string {
  return `fresh token ${grantKey(token)}`
}
