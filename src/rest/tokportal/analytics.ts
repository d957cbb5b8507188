import { createRoute, z } from '@hono/zod-openapi'
import { endpoint } from '../facade.ts'
import { ACCOUNT_NOT_FOUND, ANALYTICS_NOT_FOUND } from './errors.ts'
import { ANALYTICS_EXAMPLE } from './examples.ts'
import { ACCOUNT_PARAMS, answered, refused } from './parameters.ts'
import { Analytics, analyticsOf } from './shapes.ts'

const ROUTE = createRoute({
  method: 'get',
  path: '/api/ext/accounts/{id}/analytics',
  operationId: 'tokportalAccountAnalytics',
  summary: 'Get account analytics',
  description: "An account's audience, and totals and averages over its tracked videos.",
  request: { params: ACCOUNT_PARAMS },
  responses: {
    200: answered('The totals.', z.object({ data: Analytics }), {
      analytics: { data: ANALYTICS_EXAMPLE },
    }),
    404: refused('There is no such account, or nothing of it was read yet.', {
      unknown: ACCOUNT_NOT_FOUND,
      unread: ANALYTICS_NOT_FOUND,
    }),
  },
})

/** `GET /api/ext/accounts/{id}/analytics`. */
export const analytics = endpoint('analytics:read', ROUTE, async (c) => {
  const { id } = c.req.valid('param')
  const { loaders, lasting } = c.var
  const [account, summary] = await Promise.all([
    loaders.account.load(id),
    loaders.videoSummary.load(id),
  ])
  if (account === null) return c.json(ACCOUNT_NOT_FOUND, 404)
  const data = analyticsOf(account, summary)
  lasting.lastsUntil(null)
  return data.scraped_at === null ? c.json(ANALYTICS_NOT_FOUND, 404) : c.json({ data }, 200)
})
