import { createRoute, z } from '@hono/zod-openapi'
import { allowanceOf, availabilityOf, monthOf } from '../../refresh/allowance.ts'
import { endpoint } from '../facade.ts'
import { REFUSAL_EXAMPLES } from '../refusal.ts'
import { ACCOUNT_NOT_FOUND, answerTo, cooldown, invalidStatus, quotaExceeded } from './errors.ts'
import { ACCOUNT_ID, AVAILABILITY_EXAMPLES, NOTES } from './examples.ts'
import { ACCOUNT_PARAMS, answered, refused } from './parameters.ts'
import { Availability, availabilityShown, Wished } from './shapes.ts'

const KEY_CHARACTERS_MAX = 255
const REPLAYED = 'Idempotent-Replayed'

const REFRESH = createRoute({
  method: 'post',
  path: '/api/ext/accounts/{id}/analytics/refresh',
  operationId: 'tokportalRefreshAnalytics',
  summary: 'Refresh analytics',
  description:
    'Asks for fresh numbers of an account and of all its videos. Takes one of the month’s ' +
    'refreshes, unless one is active already or nothing is stale.',
  request: {
    params: ACCOUNT_PARAMS,
    headers: z.object({
      'Idempotency-Key': z
        .string()
        .regex(/^.{1,255}$/s, { error: `must have 1 to ${KEY_CHARACTERS_MAX} characters` })
        .optional()
        .openapi({
          description: 'A repeat with the same key gets the same answer for a day, at no cost.',
        }),
    }),
    body: {
      content: {
        'application/json': {
          schema: z
            .looseObject({}, { error: 'must be a JSON object' })
            .openapi('TokPortalRefreshWish', { description: 'Nothing of it is read.' }),
        },
      },
    },
  },
  responses: {
    200: {
      ...answered('What became of it.', z.object({ data: Wished }), {
        queued: { data: wished(ACCOUNT_ID, 'scrape_queued') },
        fresh: { data: wished(ACCOUNT_ID, 'refreshed') },
      }),
      headers: z.object({
        [REPLAYED]: z.literal('true').optional().openapi({
          description: 'The answer to an earlier request with the same key.',
        }),
      }),
    },
    404: refused('There is no such account.', { unknown: ACCOUNT_NOT_FOUND }),
    409: refused('The account must be connected again.', {
      disconnected: invalidStatus({ connectionStatus: 'disconnected' }),
    }),
    429: refused('The account cools down, the month is used up, or too many requests.', {
      cooldown: cooldown({ nextRefreshAt: new Date('2026-02-12T09:15:00Z'), hoursRemaining: 12 }),
      quota_exceeded: quotaExceeded({ limit: 500, used: 500 }),
      too_many_requests: answerTo(REFUSAL_EXAMPLES.too_many_requests).body,
    }),
  },
})

/** `POST /api/ext/accounts/{id}/analytics/refresh`. */
export const refresh = endpoint('analytics:refresh', REFRESH, async (c) => {
  const { id: accountId } = c.req.valid('param')
  const { 'Idempotency-Key': idempotencyKey = null } = c.req.valid('header')
  const { commands, principal } = c.var
  const wish = { accountId, idempotencyKey }
  const answer = await commands.requestAccountRefresh(principal.workspaceId, wish)
  switch (answer.kind) {
    case 'queued':
      if (answer.isRepeat) c.header(REPLAYED, 'true')
      return c.json({ data: wished(accountId, 'scrape_queued') }, 200)
    case 'fresh':
      return c.json({ data: wished(accountId, 'refreshed') }, 200)
    case 'not_found':
      return c.json(ACCOUNT_NOT_FOUND, 404)
    case 'not_connected':
      return c.json(invalidStatus(answer.account), 409)
    case 'cooldown':
      return c.json(cooldown(answer), 429)
    case 'quota_exceeded':
      return c.json(quotaExceeded(answer.monthlyQuota), 429)
  }
})

function wished(
  accountId: string,
  status: z.infer<typeof Wished>['status'],
): z.infer<typeof Wished> {
  return { account_id: accountId, status, note: NOTES[status] }
}

const CAN_REFRESH = createRoute({
  method: 'get',
  path: '/api/ext/accounts/{id}/analytics/can-refresh',
  operationId: 'tokportalCanRefresh',
  summary: 'Check refresh availability',
  description: 'Whether a refresh of an account may be asked for, and from when on.',
  request: { params: ACCOUNT_PARAMS },
  responses: {
    200: answered('Whether it may.', z.object({ data: Availability }), {
      available: { data: AVAILABILITY_EXAMPLES.available },
      cooldown: { data: AVAILABILITY_EXAMPLES.cooldown },
    }),
    404: refused('There is no such account.', { unknown: ACCOUNT_NOT_FOUND }),
  },
})

/** `GET /api/ext/accounts/{id}/analytics/can-refresh`. */
export const canRefresh = endpoint('analytics:read', CAN_REFRESH, async (c) => {
  const { id } = c.req.valid('param')
  const { loaders, allowance, now } = c.var
  const [account, workspace, chargedAt, used] = await Promise.all([
    loaders.account.load(id),
    loaders.workspace(),
    loaders.lastCharge.load(id),
    loaders.usedInMonth.load(monthOf(now)),
  ])
  if (account === null || workspace === null) return c.json(ACCOUNT_NOT_FOUND, 404)
  const standing = { account, chargedAt, used: used ?? 0 }
  const availability = availabilityOf(standing, allowanceOf(workspace, allowance), now)
  return c.json({ data: availabilityShown(id, availability) }, 200)
})
