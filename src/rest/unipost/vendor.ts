import { bearerKey } from '../../auth/authenticator.ts'
import type { Vendor } from '../facade.ts'
import { answerTo, Problem } from './errors.ts'
import { metrics } from './metrics.ts'

/** UniPost's account metrics. */
export const UNIPOST: Vendor = {
  name: 'UniPost',
  description: 'Numbers of single accounts, asked of their platforms at every call.',
  prefix: '/v1/accounts',
  rate: { variable: 'WEIR_RATE_UNIPOST_PER_MINUTE', perMinute: 600 },
  credentials: {
    UniPostKey: { type: 'http', scheme: 'bearer', description: 'An API key.' },
    UniPostToken: {
      ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      description: "A dashboard's token.",
    },
  },
  keyIn: (headers) => bearerKey(headers.get('authorization')),
  answerTo,
  errorSchema: Problem,
  endpoints: [metrics],
  sample: '/v1/accounts/sa_twitter_1/metrics',
}
