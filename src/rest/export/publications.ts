import { createRoute } from '@hono/zod-openapi'
import { endpoint } from '../facade.ts'
import { instant } from '../parameters.ts'
import { exportAnswer } from './answer.ts'
import { PUBLICATION_COLUMNS } from './columns.ts'
import { PUBLICATIONS_CSV, PUBLICATIONS_NDJSON } from './examples.ts'
import { FILTER, filterOf, parameters, WRITING } from './parameters.ts'
import { responses } from './responses.ts'

const QUERY = parameters({
  ...FILTER,
  from: instant('The earliest `created_at`.').optional(),
  to: instant('The latest `created_at`.').optional(),
  ...WRITING,
})

const ROUTE = createRoute({
  method: 'get',
  path: '/export/publications',
  operationId: 'exportPublications',
  summary: 'Export publications',
  description:
    'Every publication that matches, with its latest numbers, the oldest recorded first, as a ' +
    'stream. An empty cell (null in NDJSON) is unknown, never zero.',
  request: { query: QUERY },
  responses: responses(PUBLICATIONS_CSV, PUBLICATIONS_NDJSON),
})

/** `GET /export/publications`. */
export const publications = endpoint('analytics:read', ROUTE, (c) => {
  const { from = null, to = null, format, timeZone, bom, ...given } = c.req.valid('query')
  return exportAnswer(c, {
    name: 'publications',
    columns: PUBLICATION_COLUMNS,
    pages: c.var.loaders.exportPublications({ ...filterOf(given), from, to }),
    ...{ format, timeZone, bom },
  })
})
