import { createRoute, z } from '@hono/zod-openapi'
import type { Account } from '../../domain/account.ts'
import { PLATFORMS } from '../../domain/platform.ts'
import type { Loaders } from '../../loaders/loaders.ts'
import { endpoint } from '../facade.ts'
import { staleFrom } from '../kept-answers.ts'
import { flag, oneOf, text, wholeNumber } from '../parameters.ts'
import { ACCOUNTS_EXAMPLE } from './examples.ts'
import { AccountList, accountRow } from './shapes.ts'

const LIMIT_MAX = 100
const LIMIT_DEFAULT = 100

const ROUTE = createRoute({
  method: 'get',
  path: '/v1/analytics/accounts',
  operationId: 'dravoAccounts',
  summary: 'Get account analytics',
  description:
    'Official account metrics, in the order in which the accounts were connected. Missing or stale ' +
    'rows are read from the platform, as far as there is time for it.',
  request: {
    query: z.object({
      accountId: text('Only the account with this id.').optional(),
      platform: oneOf(PLATFORMS, 'Only accounts of this platform.').optional(),
      refresh: flag('Ask the platform again, however fresh the numbers are.'),
      limit: wholeNumber([1, LIMIT_MAX], LIMIT_DEFAULT, 'Page size.'),
    }),
  },
  responses: {
    200: {
      description: 'A list of account analytics.',
      content: { 'application/json': { schema: AccountList, example: ACCOUNTS_EXAMPLE } },
    },
  },
})

type Query = z.infer<typeof ROUTE.request.query>

/** `GET /v1/analytics/accounts`. */
export const accounts = endpoint('analytics:read', ROUTE, async (c) => {
  const query = c.req.valid('query')
  const { loaders, commands, principal, refreshBudgetMs, lasting, now } = c.var
  const found = await findAccounts(loaders, query)
  const wish = { accounts: found, force: query.refresh }
  const isNewer = await commands.refreshOnRead(principal.workspaceId, wish, refreshBudgetMs)
  const rows = isNewer ? await readAgain(loaders, found) : found
  if (!query.refresh) lasting.lastsUntil(staleFrom(found, now))
  return c.json({ items: rows.map(accountRow), total: rows.length }, 200)
})

async function readAgain(loaders: Loaders, found: readonly Account[]): Promise<Account[]> {
  loaders.clear()
  const rows = await Promise.all(found.map(({ id }) => loaders.account.load(id)))
  return rows.filter((row) => row !== null)
}

async function findAccounts(loaders: Loaders, query: Query): Promise<Account[]> {
  const { accountId, platform, limit } = query
  if (accountId !== undefined) {
    const account = await loaders.account.load(accountId)
    const isWanted = platform === undefined || account?.platform === platform
    return account && isWanted ? [account] : []
  }
  const first = { limit, after: null, before: null, backwards: false }
  const { rows } = await loaders.accounts.page({ platform: platform ?? null }, first)
  return rows.map(({ row }) => row)
}
