import type { Failure, FailureKind } from '../../domain/connector.ts'
import { failureOf, failureOfStatus, retryAfter, secondsAfter } from '../failures.ts'
import type { Answer } from '../http.ts'
import { valueAt, wordsOf } from '../json.ts'

/** The platform's name in messages. */
export const LABEL = 'TikTok'

// TikTok names no time: its limit is a window of one minute that slides.
const WINDOW_SECONDS = 60
const JITTER_SECONDS = 15

const KINDS = new Map<string, FailureKind>([
  ['access_token_invalid', 'unauthorized'],
  ['scope_not_authorized', 'missing_scope'],
  ['scope_permission_missed', 'missing_scope'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['invalid_params', 'misconfigured'],
  ['invalid_file_upload', 'misconfigured'],
  ['internal_error', 'unavailable'],
])

/**
 * What a call's answer stands for when it failed; null when it has to be read. The code decides and
 * not the status: errors come with status 200 as well.
 */
export function tiktokFailure(answer: Answer, now: Date, random: () => number): Failure | null {
  const code = wordsOf(valueAt(answer.json, 'error.code'))
  if (answer.status < 300 && (code === 'ok' || answer.json === undefined)) return null
  const kind = code === null ? null : KINDS.get(code)
  if (kind === 'rate_limited' || answer.status === 429) {
    const seconds = WINDOW_SECONDS + random() * JITTER_SECONDS
    const retryAt = retryAfter(answer, now) ?? secondsAfter(now, seconds)
    return failureOf(answer, 'rate_limited', messageOf(answer, code), retryAt)
  }
  if (kind) return failureOf(answer, kind, messageOf(answer, code))
  return failureWithoutCode(answer, code, now)
}

/** Whether TikTok will soon answer the same call; null where only the status can tell. */
export function isTiktokTrouble(answer: Answer): boolean | null {
  const code = wordsOf(valueAt(answer.json, 'error.code'))
  const kind = code === null ? undefined : KINDS.get(code)
  return kind === undefined ? null : kind === 'unavailable'
}

function failureWithoutCode(answer: Answer, code: string | null, now: Date): Failure {
  if (answer.status === 403 || answer.status === 404) {
    // TikTok itself answers neither: they come from a gateway in front of it.
    return failureOf(answer, 'unavailable', messageOf(answer, code))
  }
  const failure = failureOfStatus(LABEL, answer, now)
  if (failure !== null) return { ...failure, message: messageOf(answer, code) }
  // A success that does not say so is one whose data cannot be trusted.
  return failureOf(answer, code === null ? 'malformed' : 'unavailable', messageOf(answer, code))
}

const MESSAGE_LENGTH_MAX = 300

function messageOf(answer: Answer, code: string | null): string {
  const said = wordsOf(valueAt(answer.json, 'error.message'))?.slice(0, MESSAGE_LENGTH_MAX)
  const logId = wordsOf(valueAt(answer.json, 'error.log_id'))
  const named = code === null ? 'without a code' : `(${code})`
  // TikTok's support asks for the log id of every call in question.
  const log = logId === null ? '' : ` Log id ${logId}.`
  return `${LABEL} answered with status ${answer.status} ${named}: ${said ?? 'no reason given.'}${log}`
}
