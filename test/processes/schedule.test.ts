import { expect, test } from 'vitest'
import { type Deployment, openDeployment } from '../support/deployment.ts'

const ACCOUNTS = 24
// Few at a time, so that both processes have something to queue.
const SCHEDULING = {
  WEIR_SCHEDULER: 'on',
  WEIR_SCHEDULER_TICK_SECONDS: '1',
  WEIR_SCHEDULER_QUEUE_MAX: '6',
}

/** Every refresh, once there are so many and all have ended. */
async function refreshed(deployment: Deployment, count: number) {
  const made = async () => (await deployment.ended()).length
  await expect.poll(made, { timeout: 30_000 }).toBeGreaterThanOrEqual(count)
  return deployment.ended()
}

/** Has these accounts, and one publication of each of those accounts, be due; those publications. */
async function makeDue({ db }: Deployment, accounts: string[], others: string[]) {
  const dueAt = new Date()
  await db.transaction().execute(async (transaction) => {
    const due = transaction.updateTable('account').set({ due_at: dueAt })
    await due.where('id', 'in', accounts).execute()
    const rows = transaction.updateTable('publication').set({ due_at: dueAt })
    const newest = transaction.selectFrom('publication').distinctOn('account_id').select('id')
    const chosen = newest.where('account_id', 'in', others).orderBy('account_id')
    await rows.where('id', 'in', chosen).execute()
  })
  const due = db.selectFrom('publication').select('platform_post_id').where('due_at', '=', dueAt)
  return (await due.execute()).map((row) => row.platform_post_id)
}

test('what is due is refreshed once, whoever schedules, and still when one of two is killed', async () => {
  await using deployment = await openDeployment({ accounts: ACCOUNTS })
  const { calls } = deployment.simulator
  const [first] = await Promise.all([deployment.work(SCHEDULING), deployment.work(SCHEDULING)])
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => `acc-${index}`)
  const all = await refreshed(deployment, ACCOUNTS)
  expect(all.map(({ accountId }) => accountId).toSorted()).toEqual(ids.toSorted())
  await deployment.kill(first)
  const [accounts, others] = [ids.slice(0, 5), ids.slice(5, 10)]
  const posts = await makeDue(deployment, accounts, others)
  const again = (await refreshed(deployment, ACCOUNTS + 10)).slice(ACCOUNTS)
  expect(again.map(({ accountId }) => accountId).toSorted()).toEqual(ids.slice(0, 10).toSorted())
  for (const refresh of [...all, ...again]) {
    expect(refresh).toMatchObject({ status: 'succeeded', origin: 'schedule' })
  }
  expect(calls.count({ path: '/v2/user/info/' })).toBe(ACCOUNTS + 5)
  expect(posts).toHaveLength(5)
  expect(calls.ids({ path: '/v2/video/query/' }).toSorted()).toEqual(posts.toSorted())
}, 120_000)
