import { bearerKey } from '../../auth/authenticator.ts'
import type { Vendor } from '../facade.ts'
import { accounts } from './accounts.ts'
import { answerTo, Problem } from './errors.ts'
import { posts } from './posts.ts'

/** Dravo's analytics API. */
export const DRAVO: Vendor = {
  name: 'Dravo',
  description: 'Official analytics of accounts and posts, with the numbers that platforms report.',
  prefix: '/v1',
  rate: { variable: 'WEIR_RATE_DRAVO_PER_MINUTE', perMinute: 600 },
  credentials: {
    DravoKey: { type: 'http', scheme: 'bearer', description: 'An API key.' },
    DravoToken: {
      ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      description: "A dashboard's token.",
    },
  },
  keyIn: (headers) => bearerKey(headers.get('authorization')),
  answerTo,
  errorSchema: Problem,
  endpoints: [accounts, posts],
  sample: '/v1/analytics/accounts?limit=3',
}
