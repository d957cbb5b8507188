import type { Account } from '../../domain/account.ts'
import type { RefreshAvailability, RefreshQuota } from '../../domain/refresh.ts'
import type { Workspace } from '../../domain/workspace.ts'
import { allowanceOf, availabilityOf, monthOf, quotaAt } from '../../refresh/allowance.ts'
import type { Context } from '../context.ts'
import { present } from '../present.ts'

/** A workspace's quota of the month that it is. */
export async function readQuota(workspace: Workspace, context: Context): Promise<RefreshQuota> {
  const { loaders, now, allowance } = context
  const used = await loaders.usedInMonth.load(monthOf(now))
  return quotaAt(now, used ?? 0, allowanceOf(workspace, allowance))
}

/** Whether somebody may ask for a refresh of an account now. */
export async function readAvailability(
  account: Account,
  { loaders, now, allowance }: Context,
): Promise<RefreshAvailability> {
  const [workspace, chargedAt, used] = await Promise.all([
    loaders.workspace(),
    loaders.lastCharge.load(account.id),
    loaders.usedInMonth.load(monthOf(now)),
  ])
  const standing = { account, chargedAt, used: used ?? 0 }
  return availabilityOf(standing, allowanceOf(present(workspace), allowance), now)
}
