import { bearerKey } from '../../auth/authenticator.ts'
import type { RateState } from '../../domain/rate-limit.ts'
import type { Vendor } from '../facade.ts'
import { analytics } from './analytics.ts'
import { answerTo, Problem } from './errors.ts'
import { ACCOUNT_ID } from './examples.ts'
import { canRefresh, refresh } from './refresh.ts'
import { video, videos } from './videos.ts'

const KEY_HEADER = 'X-API-Key'
const API_VERSION = '2026-05-25'
const API_STABILITY = 'stable'

/** TokPortal's analytics of accounts and their videos. */
export const TOKPORTAL: Vendor = {
  name: 'TokPortal',
  description: 'Totals and videos of accounts, and refreshes with a cooldown and a monthly quota.',
  prefix: '/api/ext',
  rate: { variable: 'WEIR_RATE_TOKPORTAL_PER_MINUTE', perMinute: 120 },
  credentials: {
    TokPortalKey: { type: 'apiKey', in: 'header', name: KEY_HEADER, description: 'An API key.' },
    TokPortalBearer: { type: 'http', scheme: 'bearer', description: 'The same key.' },
  },
  keyIn: (headers) => headers.get(KEY_HEADER)?.trim() || bearerKey(headers.get('authorization')),
  requestIdOf: (newId) => `req_${newId.replaceAll('-', '')}`,
  headersOf: ({ requestId, rate }) => ({
    'X-TokPortal-API-Version': API_VERSION,
    'X-TokPortal-API-Stability': API_STABILITY,
    'X-TokPortal-Request-ID': requestId,
    ...(rate && rateHeaders(rate)),
  }),
  answerTo,
  errorSchema: Problem,
  endpoints: [analytics, refresh, canRefresh, videos, video],
  sample: `/api/ext/accounts/${ACCOUNT_ID}/analytics`,
}

function rateHeaders({ limit, remaining, resetsAt }: RateState): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetsAt.getTime() / 1000)),
  }
}
