import type { JsonValue } from '../domain/json.ts'

/** What goes back over the wire. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** Thrown by handlers that cannot go on: the platform's refusal is the answer. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`Refused with status ${answer.status}.`)
    this.answer = answer
  }
}

/** What `work` answers, or the refusal that it threw. */
export function answerOrRefusal(work: () => Answer): Answer {
  try {
    return work()
  } catch (error) {
    if (error instanceof RefusedError) return error.answer
    throw error
  }
}

/** An answer of JSON. */
export function jsonAnswer(
  status: number,
  value: JsonValue,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** A page for people where a program expected JSON, as gateways in front of platforms send it. */
export function htmlAnswer(status: number, title: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  }
}

/** The answer with half of its text. */
export function truncated(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
}

/** The answer with a word in the place of every number. */
export function withWrongTypes(answer: Answer): Answer {
  const spoilt = JSON.parse(answer.body, (_key, value) =>
    typeof value === 'number' ? 'many' : value,
  )
  return { ...answer, body: JSON.stringify(spoilt) }
}

/** The answer with long ids as bare numbers, which a careless reader rounds. */
export function withUnquotedIds(answer: Answer): Answer {
  return { ...answer, body: answer.body.replace(/([:[,])"(\d{16,19})"(?=[,\]}])/g, '$1$2') }
}
