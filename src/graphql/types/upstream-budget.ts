import type { UpstreamBudget as UpstreamBudgetModel } from '../../domain/budget.ts'
import { builder } from '../builder.ts'
import { Account } from './account.ts'
import { Platform } from './platform.ts'

export const UpstreamBudget = builder.objectRef<UpstreamBudgetModel>('UpstreamBudget').implement({
  description: 'What the platforms themselves still allow, as far as they say.',
  fields: (t) => ({
    platform: t.expose('platform', { type: Platform }),
    account: t.field({
      type: Account,
      nullable: true,
      description: 'Whose calls count. Null: those of the whole application.',
      resolve: ({ accountId }, _args, { loaders }) =>
        accountId === null ? null : loaders.account.load(accountId),
    }),
    callsToday: t.exposeInt('calls', {
      description:
        "Calls that this workspace made since the midnight by which the platform's quotas of a " +
        'day begin anew, retries and token refreshes included.',
    }),
    limit: t.exposeInt('limit', {
      nullable: true,
      description:
        'What the platform allows, in its own measure (calls, units of a quota, or 100 for a ' +
        'percentage) and in its own window, which may be shorter than a day. Null: it does not say.',
    }),
    remaining: t.exposeInt('remaining', {
      nullable: true,
      description:
        'What was left of the limit when the platform last said; of a quota of which it says ' +
        'nothing, what the calls of all workspaces left. Null: nobody knows, or the window has ' +
        'ended since.',
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the limit starts anew. Null: the platform does not say.',
    }),
  }),
})
