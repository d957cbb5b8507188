import { createRoute, z } from '@hono/zod-openapi'
import { HISTORY_SUBJECTS, type HistorySubject } from '../../domain/export.ts'
import { INTERVALS } from '../../domain/history.ts'
import { endpoint } from '../facade.ts'
import { instant } from '../parameters.ts'
import { exportAnswer } from './answer.ts'
import { HISTORY_COLUMNS } from './columns.ts'
import { problem } from './errors.ts'
import { HISTORY_CSV, HISTORY_NDJSON } from './examples.ts'
import { FILTER, filterOf, parameters, WRITING, word } from './parameters.ts'
import { responses } from './responses.ts'

// No reading is older.
const EARLIEST = new Date('0001-01-01T00:00:00Z')
const IDS_MAX = 1000

const IDS = z
  .union([z.string().transform((id) => [id]), z.array(z.string())])
  .refine((ids) => ids.length <= IDS_MAX, { error: `must be given ${IDS_MAX} times at most` })
  .optional()
  .openapi({
    type: 'array',
    items: { type: 'string' },
    description: 'Only subjects with these ids (their `localId`); may be given several times.',
  })

const NARROWING = {
  ...FILTER,
  createdFrom: instant('The earliest `created_at` of the publication.').optional(),
  createdTo: instant('The latest `created_at` of the publication.').optional(),
}

const ACCOUNTS_NARROWED_BY: readonly string[] = ['platform']

const QUERY = parameters({
  subject: word(HISTORY_SUBJECTS, 'What the histories are of.'),
  id: IDS,
  ...NARROWING,
  from: instant('The first instant at which a reading counts. Left out: the first one.').optional(),
  to: instant('The last instant at which a reading counts. Left out: now.').optional(),
  interval: word(INTERVALS, 'Of each one, the last reading. Left out: every reading.').optional(),
  ...WRITING,
}).superRefine(({ subject, ...given }, context) => {
  const refused = refusedFor(subject, given)
  if (refused !== undefined) {
    const message = `narrows publications and videos, not a history of ${subject}s`
    context.addIssue({ code: 'custom', path: [refused], message })
  }
})

function refusedFor(subject: HistorySubject, given: object): string | undefined {
  if (subject !== 'account') return undefined
  return Object.keys(NARROWING).find(
    (name) => name in given && !ACCOUNTS_NARROWED_BY.includes(name),
  )
}

const LATE = problem('BAD_USER_INPUT', 'from lies after to, which is now when left out.', 'from')

const ROUTE = createRoute({
  method: 'get',
  path: '/export/history',
  operationId: 'exportHistory',
  summary: 'Export histories',
  description:
    'What the numbers of accounts, publications or videos were, subject by subject, the oldest ' +
    'point of each first, as a stream. An empty cell (null in NDJSON) is unknown, never zero.',
  request: { query: QUERY },
  responses: responses(HISTORY_CSV, HISTORY_NDJSON),
})

/** `GET /export/history`. */
export const history = endpoint('analytics:read', ROUTE, (c) => {
  const { subject, id = null, from = EARLIEST, interval = null, ...given } = c.req.valid('query')
  const { to = c.var.now, createdFrom = null, createdTo = null, format, timeZone, bom } = given
  if (from > to) return c.json(LATE, 400)
  return exportAnswer(c, {
    name: `history-of-${subject}s`,
    columns: HISTORY_COLUMNS[subject],
    pages: c.var.loaders.exportHistory({
      ...{ subject, ids: id, from, to, interval, timeZone },
      filter: { ...filterOf(given), from: createdFrom, to: createdTo },
    }),
    ...{ format, timeZone, bom },
  })
})
