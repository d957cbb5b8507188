import { budgetAt } from '../../domain/budget.ts'
import { AppError } from '../../domain/errors.ts'
import type { Workspace as WorkspaceModel } from '../../domain/workspace.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { PAGE_SIZE_MAX } from '../page-arguments.ts'
import { UpstreamBudget } from './upstream-budget.ts'

export const Workspace = builder.objectRef<WorkspaceModel>('Workspace')

builder.node(Workspace, {
  description: 'The tenant that the API key belongs to: everything else lies within it.',
  id: { resolve: ({ id }) => id },
  // Any other workspace is as good as none.
  loadManyWithoutCache: async (ids, { loaders }) => {
    const own = await loaders.workspace()
    return ids.map((id) => (own?.id === id ? own : null))
  },
  fields: (t) => ({
    name: t.exposeString('name'),
    upstream: t.field({
      type: [UpstreamBudget],
      complexity: { field: 1, multiplier: PAGE_SIZE_MAX },
      description:
        `What the platforms still allow: those of the applications first, then those of accounts, ` +
        `the most lately and most often asked first. At most ${PAGE_SIZE_MAX}.`,
      resolve: async (_workspace, _args, { loaders, time }) => {
        // Calls count at any time, also where none was made so far.
        const now = time.now()
        const budgets = await loaders.upstreamBudgets(PAGE_SIZE_MAX)
        return budgets.map((budget) => budgetAt(budget, now))
      },
    }),
  }),
})

builder.queryField('workspace', (t) =>
  t.field({
    type: Workspace,
    description: 'The workspace of the API key.',
    resolve: async (_root, _args, context) => ownWorkspace(context),
  }),
)

async function ownWorkspace({ loaders }: Context): Promise<WorkspaceModel> {
  const workspace = await loaders.workspace()
  if (workspace === null) throw new AppError('NOT_FOUND', "The key's workspace is gone.")
  return workspace
}
