import type { Account as AccountModel } from '../../domain/account.ts'
import type {
  RefreshAvailability as RefreshAvailabilityModel,
  RefreshQuota as RefreshQuotaModel,
} from '../../domain/refresh.ts'
import type { Workspace as WorkspaceModel } from '../../domain/workspace.ts'
import { allowanceOf, availabilityOf, monthOf, quotaAt } from '../../refresh/allowance.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { present } from '../present.ts'
import { Account } from './account.ts'
import { RefreshAvailability, RefreshQuota } from './refresh-quota.ts'
import { Workspace } from './workspace.ts'

builder.objectField(Account, 'refreshAvailability', (t) =>
  t.field({
    type: RefreshAvailability,
    description: 'Whether a refresh of this account may be asked for, and from when on.',
    resolve: (account, _args, context) => readAvailability(account, context),
  }),
)

builder.objectField(Workspace, 'refreshQuota', (t) =>
  t.field({
    type: RefreshQuota,
    description: 'How many refreshes may be asked for this month, and how many were.',
    resolve: (workspace, _args, context) => readQuota(workspace, context),
  }),
)

async function readQuota(
  workspace: WorkspaceModel,
  { loaders, time, allowance }: Context,
): Promise<RefreshQuotaModel> {
  const now = time.now()
  const used = await loaders.usedInMonth.load(monthOf(now))
  return quotaAt(now, used ?? 0, allowanceOf(workspace, allowance))
}

async function readAvailability(
  account: AccountModel,
  { loaders, time, allowance }: Context,
): Promise<RefreshAvailabilityModel> {
  const now = time.now()
  const [workspace, chargedAt, used] = await Promise.all([
    loaders.workspace(),
    loaders.lastCharge.load(account.id),
    loaders.usedInMonth.load(monthOf(now)),
  ])
  const standing = { account, chargedAt, used: used ?? 0 }
  return availabilityOf(standing, allowanceOf(present(workspace), allowance), now)
}
