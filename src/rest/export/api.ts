import { bearerKey } from '../../auth/authenticator.ts'
import type { Vendor } from '../facade.ts'
import { answerTo, Problem } from './errors.ts'
import { history } from './history.ts'
import { publications } from './publications.ts'

/** The exports: an API of the gateway's own, beside those of vendors. */
export const EXPORT: Vendor = {
  name: 'Export',
  description: "Everything that a filter matches, as a file: the gateway's own, and no vendor's.",
  prefix: '/export',
  rate: { variable: 'WEIR_RATE_EXPORT_PER_MINUTE', perMinute: 30 },
  credentials: {
    ExportKey: { type: 'http', scheme: 'bearer', description: 'An API key.' },
    ExportToken: {
      ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      description: "A dashboard's token.",
    },
  },
  keyIn: (headers) => bearerKey(headers.get('authorization')),
  answerTo,
  errorSchema: Problem,
  endpoints: [publications, history],
  isStreamed: true,
  sample: '/export/publications?platform=x&timeZone=Europe/Berlin',
}
