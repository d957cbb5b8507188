import type { Scope } from '../auth/scopes.ts'

/** Why a request gets no answer of its endpoint, whatever the endpoint. */
export type Refusal =
  | { kind: 'no_key' }
  | { kind: 'unknown_key' }
  | { kind: 'expired_key' }
  | { kind: 'revoked_key' }
  | { kind: 'missing_scope'; scope: Scope }
  | { kind: 'too_many_requests'; retryAfterSeconds: number }
  | { kind: 'unknown_path'; path: string }
  | { kind: 'wrong_method'; method: string; allowed: readonly string[] }
  | BadParameter
  | { kind: 'bad_body' }
  | { kind: 'wrong_media_type' }
  | { kind: 'body_too_large'; maxBytes: number }
  | { kind: 'internal' }

/** A parameter that the endpoint's schema refuses: the first of them, in the schema's order. */
export interface BadParameter {
  kind: 'bad_parameter'
  place: 'query' | 'path' | 'header' | 'body'
  /** The parameter's name; dots lead to a member of a body. Empty: the body as a whole. */
  name: string
  /** What the schema says of it, such as "must be a whole number from 1 to 100". */
  message: string
  /** The code of the schema's issue, such as `too_big` or `invalid_format`. */
  issue: string
}

/** What was wrong, in one sentence for people. The credential is named as the vendor names it. */
export function sentenceOf(refusal: Refusal, credential: string): string {
  switch (refusal.kind) {
    case 'no_key':
      return `No ${credential} was sent.`
    case 'unknown_key':
    case 'expired_key':
    case 'revoked_key':
      return `The ${credential} is not valid.`
    case 'missing_scope':
      return `The ${credential} lacks the scope ${refusal.scope}.`
    case 'too_many_requests':
      return `Too many requests. Try again in ${refusal.retryAfterSeconds} s.`
    case 'unknown_path':
      return 'There is nothing at this path.'
    case 'wrong_method':
      return `Use ${refusal.allowed.join(' or ')} here.`
    case 'bad_parameter':
      return `${refusal.name} ${refusal.message}.`
    case 'bad_body':
      return 'The body is not JSON.'
    case 'wrong_media_type':
      return 'The body must be application/json.'
    case 'body_too_large':
      return `The body has more than ${refusal.maxBytes} bytes.`
    case 'internal':
      return 'Something broke. Try again later.'
  }
}

/** One refusal of each kind, as documents show them. */
export const REFUSAL_EXAMPLES = {
  no_key: { kind: 'no_key' },
  unknown_key: { kind: 'unknown_key' },
  expired_key: { kind: 'expired_key' },
  revoked_key: { kind: 'revoked_key' },
  missing_scope: { kind: 'missing_scope', scope: 'analytics:read' },
  too_many_requests: { kind: 'too_many_requests', retryAfterSeconds: 1 },
  internal: { kind: 'internal' },
} as const satisfies Record<string, Refusal>
