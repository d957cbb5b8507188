import { ConnectorError, type Failure, type FailureKind } from '../../domain/connector.ts'
import type { JsonObject } from '../../domain/json.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import { failureOf, failureOfStatus, retryAfter, secondsAfter } from '../failures.ts'
import type { Answer } from '../http.ts'
import { isObject, valueAt, wordsOf } from '../json.ts'

/** The platform's name in messages. */
export const LABEL = 'YouTube'

/** A refusal in Google's own envelope, with the reason that decides what it means. */
export class YoutubeError extends ConnectorError {
  /** Google's word for what is wrong; null when it gave none. */
  readonly reason: string | null
  /** What Google said, which names refused metrics. */
  readonly said: string
  /** Whether the application has used up what it may ask in a day. */
  readonly isDaily: boolean

  constructor(failure: Failure, refusal: Pick<Refusal, 'reasons' | 'said' | 'isDaily'>) {
    super(failure)
    this.reason = refusal.reasons[0] ?? null
    this.said = refusal.said
    this.isDaily = refusal.isDaily
  }
}

/** What a call's answer stands for when it failed; null when it has to be read. */
export function youtubeFailure(
  answer: Answer,
  now: Date,
  random: () => number,
): ConnectorError | null {
  const refusal = refusalIn(answer)
  if (refusal === null) {
    const failure = failureOfStatus(LABEL, answer, now)
    return failure && new ConnectorError(failure)
  }
  const kind = kindOf(refusal, answer)
  const retryAt = kind === 'rate_limited' ? retryTime(refusal, answer, now, random) : null
  const named = refusal.reasons[0] ?? 'without a reason'
  const said = refusal.said.slice(0, MESSAGE_LENGTH_MAX)
  const message = `${LABEL} answered with status ${answer.status} (${named}): ${said}`
  return new YoutubeError(failureOf(answer, kind, message, retryAt), refusal)
}

/** When the quota that an application has for a day is full again: at midnight in California. */
export function quotaEnd(now: Date): Date {
  return pacificMidnight(now, 1)
}

const MESSAGE_LENGTH_MAX = 300
const WINDOW_SECONDS = 60
const JITTER_SECONDS = 15

const DAILY = ['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceededUnreg']

/** A word that says no and not why: what stands beside it may. */
const VAGUE = 'forbidden'

// By reason, because quotas, scopes, rights and switched-off APIs all answer with 403.
const KINDS = new Map<string, FailureKind>([
  ...DAILY.map((reason) => [reason, 'rate_limited'] as const),
  ['RATE_LIMIT_EXCEEDED', 'rate_limited'],
  ['RESOURCE_EXHAUSTED', 'rate_limited'],
  ['authError', 'unauthorized'],
  ['ACCESS_TOKEN_EXPIRED', 'unauthorized'],
  // A new login does not make a channel.
  ['youtubeSignupRequired', 'unsupported'],
  ['insufficientPermissions', 'missing_scope'],
  ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'missing_scope'],
  ['accessNotConfigured', 'misconfigured'],
  ['SERVICE_DISABLED', 'misconfigured'],
  // What Google calls a consumer is our project.
  ['CONSUMER_SUSPENDED', 'misconfigured'],
  ['CONSUMER_INVALID', 'misconfigured'],
  ['USER_PROJECT_DENIED', 'misconfigured'],
  // Only the channel's owner may.
  [VAGUE, 'unsupported'],
  ['channelForbidden', 'unsupported'],
  ['channelClosed', 'gone'],
  ['channelSuspended', 'gone'],
  ['authenticatedUserAccountClosed', 'gone'],
  ['authenticatedUserAccountSuspended', 'gone'],
  ['videoNotFound', 'gone'],
  ['channelNotFound', 'gone'],
  ['playlistNotFound', 'gone'],
  ['backendError', 'unavailable'],
  ['internalError', 'unavailable'],
  ['processingFailure', 'unavailable'],
  ['UNAUTHENTICATED', 'unauthorized'],
])

interface Refusal {
  /** The words that Google has for it, the most telling ones first. */
  reasons: string[]
  said: string
  isDaily: boolean
}

function refusalIn(answer: Answer): Refusal | null {
  const error = valueAt(answer.json, 'error')
  if (answer.status < 400 || !isObject(error)) return null
  const details = objectsIn(error['details'])
  const reasons = [...objectsIn(error['errors']), ...details].map((item) => wordsOf(item['reason']))
  const words = [...reasons, wordsOf(error['status'])].filter((word) => word !== null)
  const limits = details.map((item) => wordsOf(valueAt(item, 'metadata.quota_limit')) ?? '')
  const said = withoutTags(wordsOf(error['message']) ?? 'It gave no reason.')
  const named = [...limits, /limit '([^']*)'/i.exec(said)?.[1] ?? ''].filter((name) => name !== '')
  // The name of the limit tells its window, which the reason may be wrong about.
  const isDaily =
    named.length > 0
      ? named.some((name) => /per[_ ]?day/i.test(name))
      : words.some((word) => DAILY.includes(word))
  return { reasons: words, said, isDaily }
}

function kindOf({ reasons, isDaily }: Refusal, answer: Answer): FailureKind {
  if (isDaily || answer.status === 429) return 'rate_limited'
  const telling = [...reasons.filter((reason) => reason !== VAGUE), ...reasons]
  const known = telling.map(kindOfReason).find((kind) => kind !== undefined)
  if (known !== undefined) return known
  if (answer.status >= 500) return 'unavailable'
  return answer.status === 401 ? 'unauthorized' : 'misconfigured'
}

function kindOfReason(reason: string): FailureKind | undefined {
  return KINDS.get(reason) ?? (/LimitExceeded/.test(reason) ? 'rate_limited' : undefined)
}

function retryTime(
  { isDaily }: Refusal,
  answer: Answer,
  now: Date,
  random: () => number,
): Date | null {
  if (isDaily) return quotaEnd(now)
  // Google names no time: its other limits are windows of a minute.
  const seconds = WINDOW_SECONDS + random() * JITTER_SECONDS
  return retryAfter(answer, now) ?? secondsAfter(now, seconds)
}

function withoutTags(text: string): string {
  return text.replace(/<[^<>]*>/g, '')
}

function objectsIn(value: JsonObject[string]): JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : []
}
