import { createRoute, z } from '@hono/zod-openapi'
import type { Account } from '../../domain/account.ts'
import type { Failure } from '../../domain/connector.ts'
import { PLATFORM_LABELS } from '../../domain/platform.ts'
import type { LiveReading } from '../../refresh/live.ts'
import { endpoint } from '../facade.ts'
import { text } from '../parameters.ts'
import { Problem, problem } from './errors.ts'
import { PROBLEM_EXAMPLES, READ_EXAMPLE, REFUSED_EXAMPLE } from './examples.ts'
import { isShown, SHOWN, type Shown } from './platforms.ts'
import { Answer, answerOf, readFields, refusedFields } from './shapes.ts'

/** As long as ids can be here. */
const ID_CHARACTERS_MAX = 512

const ACCOUNT_ID = text('The id of a connected account.')
  .refine((id) => id.trim() !== '', { error: 'must not be empty', abort: true })
  .max(ID_CHARACTERS_MAX, { error: `must have at most ${ID_CHARACTERS_MAX} characters` })
  .openapi({ example: 'sa_twitter_1' })

const refused = (description: string, example: z.infer<typeof Problem>) => ({
  description,
  content: { 'application/json': { schema: Problem, example } },
})

const ROUTE = createRoute({
  method: 'get',
  path: '/v1/accounts/{account_id}/metrics',
  operationId: 'unipostAccountMetrics',
  summary: 'Get account metrics',
  description:
    'Followers, accounts followed and posts of one account on X or TikTok, asked of the platform ' +
    'at every call. Where it answers with an error, the counts are 0, and `platform_specific` ' +
    'says why.',
  request: { params: z.object({ account_id: ACCOUNT_ID }) },
  responses: {
    200: {
      description: 'What the platform says right now.',
      content: {
        'application/json': {
          schema: Answer,
          examples: { read: { value: READ_EXAMPLE }, refused: { value: REFUSED_EXAMPLE } },
        },
      },
    },
    400: refused('The id is none.', PROBLEM_EXAMPLES.bad_request),
    404: refused('There is no such account.', PROBLEM_EXAMPLES.not_found),
    409: refused('The account must be connected again.', PROBLEM_EXAMPLES.disconnected),
    501: refused('Accounts like this one have no metrics.', PROBLEM_EXAMPLES.not_supported),
    502: refused('The platform did not answer.', PROBLEM_EXAMPLES.upstream),
  },
})

/** `GET /v1/accounts/{account_id}/metrics`. */
export const metrics = endpoint('analytics:read', ROUTE, async (c) => {
  const { account_id: accountId } = c.req.valid('param')
  const { loaders, commands, principal, requestId } = c.var
  const account = await loaders.account.load(accountId)
  if (account === null) return c.json(notFound(requestId), 404)
  const shown = SHOWN[account.platform]
  if (!shown || !isShown(account.platform, account.scopes)) {
    return c.json(notSupported(account, shown, requestId), 501)
  }
  c.set('hasWritten', true)
  const live = await commands.readAccountLive(principal.workspaceId, accountId)
  const outcome = outcomeOf(live, shown)
  switch (outcome.kind) {
    case 'fields':
      return c.json(answerOf(outcome.fields, requestId), 200)
    case 'not_found':
      return c.json(notFound(requestId), 404)
    case 'not_connected':
      return c.json(notConnected(account, requestId), 409)
    case 'not_supported':
      return c.json(notSupported(account, shown, requestId), 501)
    case 'unanswered':
      return c.json(problem('UPSTREAM_ERROR', outcome.message, requestId), 502)
  }
})

type Outcome =
  | { kind: 'fields'; fields: ReturnType<typeof readFields> }
  | { kind: 'not_found' | 'not_connected' | 'not_supported' }
  | { kind: 'unanswered'; message: string }

function outcomeOf(live: LiveReading, shown: Shown): Outcome {
  if (live.kind === 'not_found' || live.kind === 'not_connected') return { kind: live.kind }
  const { id: accountId, platform } = live.account
  const about = { accountId, platform, shown, readAt: live.readAt }
  if (live.kind === 'read') {
    // Only the platform knows what was granted where nobody said.
    const isWithheld = Object.values(live.reading.missing).includes('missing_scope')
    if (shown.scope !== null && isWithheld) return { kind: 'not_supported' }
    return { kind: 'fields', fields: readFields(about, live.reading) }
  }
  const { failure } = live
  const status = refusalIn(failure)
  if (status !== null) {
    return { kind: 'fields', fields: refusedFields(about, status, failure) }
  }
  if (failure.kind === 'unsupported') return { kind: 'not_supported' }
  return { kind: 'unanswered', message: failure.message }
}

/** The status with which a platform refused; null: it did not answer, or with no refusal. */
function refusalIn({ status }: Failure): number | null {
  return status !== null && (status < 200 || status >= 300) ? status : null
}

const notFound = (requestId: string) => problem('NOT_FOUND', 'There is no such account.', requestId)

function notConnected({ connectionStatus }: Account, requestId: string) {
  const message =
    connectionStatus === 'disconnected'
      ? 'The account is not connected.'
      : 'The account must be connected again.'
  return problem('ACCOUNT_DISCONNECTED', message, requestId)
}

function notSupported({ platform }: Account, shown: Shown | undefined, requestId: string) {
  const label = PLATFORM_LABELS[platform]
  const message = shown?.scope
    ? `${label} accounts have metrics here once ${shown.scope} is granted.`
    : `${label} accounts have no metrics here.`
  return problem('NOT_SUPPORTED', message, requestId)
}
