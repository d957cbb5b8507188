import type { Refresh } from '../../src/domain/refresh.ts'
import { type Scheduler, startScheduler } from '../../src/refresh/scheduler.ts'
import { refreshesByIds } from '../../src/store/refreshes.ts'
import type { TestStore } from '../support/database.ts'
import { openRefreshing, type Refreshing, WORKSPACE } from './refreshing.ts'

/** Refreshing that nobody asks for: looks for what is due when a test says so. */
export interface Scheduling extends Refreshing {
  scheduler: Scheduler
  /** The refreshes that are queued or under way. */
  active(): Promise<Refresh[]>
  /** Runs whatever is queued, as workers would, and answers how it ended. */
  work(): Promise<Refresh[]>
  /** One look for what is due, and the work that comes of it. */
  turn(): Promise<Refresh[]>
}

/** Opens refreshing with a scheduler that never looks by itself. */
export async function openScheduling(
  store: TestStore,
  more: Parameters<typeof openRefreshing>[1] = {},
): Promise<Scheduling> {
  const refreshing = await openRefreshing(store, more)
  const limits = { ...refreshing.deps.limits, scheduleTickSeconds: 86_400 }
  const scheduler = startScheduler({ ...refreshing.deps, limits })
  const active = async () => {
    const rows = await store.db
      .selectFrom('refresh')
      .select('id')
      .where('status', 'in', ['queued', 'running'])
      .orderBy('requested_at')
      .orderBy('id')
      .execute()
    return refreshesByIds(
      store.db,
      WORKSPACE,
      rows.map(({ id }) => id),
    )
  }
  const work = async () => {
    const ended: Refresh[] = []
    for (const refresh of await active()) ended.push(await refreshing.run(refresh))
    return ended
  }
  return {
    ...refreshing,
    scheduler,
    active,
    work,
    async turn() {
      await scheduler.tick()
      return work()
    },
    async [Symbol.asyncDispose]() {
      await scheduler.stop()
      await refreshing[Symbol.asyncDispose]()
    },
  }
}
