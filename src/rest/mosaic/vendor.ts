import { bearerKey } from '../../auth/authenticator.ts'
import type { Vendor } from '../facade.ts'
import { analytics } from './analytics.ts'
import { answerTo, Problem } from './errors.ts'

// Where older clients show their keys.
const OLDER_HEADER = 'X-API-Key'

/** Mosaic's analytics of posts. */
export const MOSAIC: Vendor = {
  name: 'Mosaic',
  description: 'Normalized numbers of a post on every platform where it was published.',
  prefix: '/social',
  rate: { variable: 'WEIR_RATE_MOSAIC_PER_MINUTE', perMinute: 120 },
  credentials: {
    MosaicKey: { type: 'http', scheme: 'bearer', description: 'An API key.' },
    MosaicOlderKey: {
      ...{ type: 'apiKey', in: 'header', name: OLDER_HEADER },
      description: 'An API key, as older clients send it.',
    },
  },
  keyIn: (headers) => bearerKey(headers.get('authorization')) ?? headers.get(OLDER_HEADER),
  answerTo,
  errorSchema: Problem,
  endpoints: [analytics],
  sample: '/social/post/2d8ca860-f8e0-4f3f-9f2c-337ead6ed91e/analytics',
}
