import { AppError } from '../../domain/errors.ts'
import type { RefreshStep } from '../../domain/notice.ts'
import { createAnswerTime } from '../answer-time.ts'
import { builder, READ } from '../builder.ts'
import type { Context } from '../context.ts'
import { toLocalId } from '../ids.ts'
import { notFound } from './error.ts'
import { Refresh } from './refresh.ts'

builder.subscriptionType({
  description:
    'Tells what happens while it happens, as server-sent events. Takes the scope analytics:read.',
  authScopes: READ,
})

builder.subscriptionField('refreshUpdated', (t) =>
  t.field({
    type: Refresh,
    description:
      "Every step of the account's refreshes, or of all of the workspace's, from the moment of" +
      ' subscribing: QUEUED, RUNNING and how it ended, one event each, in their order. Whoever' +
      ' takes them too slowly, and whoever follows while the database is away, gets the latest step' +
      ' of each refresh.',
    args: {
      accountId: t.arg.id({
        description: 'The plain id or the global one. Left out: all accounts.',
      }),
    },
    subscribe: (_root, { accountId }, context) => followRefreshes(accountId ?? null, context),
    resolve: (step) => step,
  }),
)

async function followRefreshes(
  given: string | null,
  context: Context,
): Promise<AsyncIterableIterator<RefreshStep>> {
  const { principal, loaders, refreshSteps } = context
  const accountId = given === null ? null : toLocalId('Account', given, 'accountId')
  if (accountId !== null && (await loaders.account.load(accountId)) === null) {
    throw new AppError('NOT_FOUND', notFound('account').message, 'accountId')
  }
  const steps = await refreshSteps.follow({ workspaceId: principal.workspaceId, accountId })
  const end = async () => {
    await steps.return?.()
    return { done: true, value: undefined } as const
  }
  const events: AsyncIterableIterator<RefreshStep> = {
    async next() {
      const result = await steps.next()
      if (result.done || !(await isKeyGood(context))) return end()
      // Each event is an answer of its own: what it leads to is read anew, as of now.
      loaders.clear()
      context.time = createAnswerTime(context.clock())
      return result
    },
    return: end,
    [Symbol.asyncIterator]: () => events,
  }
  return events
}

// While the database is away nobody knows, and nothing that follows could be read either. Nor does
// anybody while the keys of a token's issuer are away, but its end is known and told.
function isKeyGood(context: Context): Promise<boolean> {
  return context.isKeyGood().catch(() => true)
}
