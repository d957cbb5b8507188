import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queueRefresh } from '../../src/refresh/queueing.ts'
import { openTestStore, type TestStore } from '../support/database.ts'
import {
  answeredForAccount,
  answeredForPost,
  COOLDOWN_HOURS,
  emptyModel,
  type Model,
  QUOTA,
  queuedUncharged,
  ran,
} from './admission-model.ts'
import { failureOf, numbersOf } from './fake-platform.ts'
import {
  allow,
  connectIdle,
  connectionOf,
  openRefreshing,
  type Refreshing,
  usage,
  WORKSPACE,
} from './refreshing.ts'

const HOUR_MS = 3_600_000
const ACCOUNTS = ['a', 'b', 'c']
const POSTS: Record<string, string[]> = { ab: ['a', 'b'], bc: ['b', 'c'], c: ['c'] }

const NUMBERS = Object.fromEntries(
  Object.entries(POSTS).flatMap(([post, ids]) => ids.map((id) => [`${post}-${id}`, numbersOf(1)])),
)

/** How a run goes: with data, without any, cut short by a platform that is down, or killed. */
const RUNS = ['data', 'data', 'nothing', 'down', 'killed'] as const

type Step =
  | { step: 'account' | 'schedule' | 'reconnect' | 'disconnect'; account: string }
  | { step: 'post'; post: string }
  | { step: 'run'; which: number; how: (typeof RUNS)[number]; attempt: number }
  | { step: 'wait'; hours: number }
  | { step: 'restart' }

const account = fc.constantFrom(...ACCOUNTS)
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ step: fc.constant('account' as const), account }) },
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant('post' as const),
      post: fc.constantFrom(...Object.keys(POSTS)),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      step: fc.constant('run' as const),
      which: fc.nat(2),
      how: fc.constantFrom(...RUNS),
      attempt: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      step: fc.constant('wait' as const),
      hours: fc.constantFrom(1, 7, 7, 24, 48, 13 * 24),
    }),
  },
  fc.record({
    step: fc.constantFrom('schedule' as const, 'reconnect' as const, 'disconnect' as const),
    account,
  }),
  fc.record({ step: fc.constant('restart' as const) }),
)

interface World {
  store: TestStore
  weir: Refreshing
  clock: { now: Date }
  model: Model
}

async function openWorld(store: TestStore): Promise<World> {
  const clock = { now: new Date('2026-01-30T12:00:00Z') }
  const weir = await openRefreshing(store, { now: () => clock.now })
  weir.platform.publications = NUMBERS
  await allow(store, { refreshCooldownHours: COOLDOWN_HOURS, refreshMonthlyQuota: QUOTA })
  for (const id of ACCOUNTS) await connectIdle(weir, id)
  for (const [localId, accountIds] of Object.entries(POSTS)) {
    const unsaid = { localId: null, url: null, text: null, contentType: null }
    const publications = accountIds.map((accountId) => ({
      ...{ ...unsaid, accountId, platformPostId: `${localId}-${accountId}` },
      ...{ createdAt: null, publishedAt: null },
    }))
    await weir.commands.recordPost(WORKSPACE, { localId, text: null, publications })
  }
  const ids = new Set(weir.queued.splice(0).map(({ refreshId }) => refreshId))
  for (const id of ids) await weir.run({ id })
  clock.now = new Date(clock.now.getTime() + 7 * HOUR_MS)
  return { store, weir, clock, model: emptyModel() }
}

async function take(world: World, step: Step): Promise<void> {
  const { weir, model, clock, store } = world
  const idempotencyKey = null
  if (step.step === 'wait') {
    clock.now = new Date(clock.now.getTime() + step.hours * HOUR_MS)
  } else if (step.step === 'restart') {
    await weir[Symbol.asyncDispose]()
    world.weir = await openRefreshing(store, { now: () => clock.now })
  } else if (step.step === 'account') {
    const wish = { accountId: step.account, idempotencyKey }
    const answer = await weir.commands.requestAccountRefresh(WORKSPACE, wish)
    answeredForAccount(model, step.account, answer, clock.now)
  } else if (step.step === 'post') {
    const wish = { postId: step.post, accountId: null, idempotencyKey }
    const answer = await weir.commands.requestPostRefresh(WORKSPACE, wish)
    answeredForPost(model, POSTS[step.post] ?? [], answer, clock.now)
  } else if (step.step === 'run') await run(world, step)
  else await connectOrQueue(world, step.step, step.account)
}

async function connectOrQueue(world: World, step: string, id: string): Promise<void> {
  const { weir, model } = world
  if (step === 'disconnect') {
    await weir.commands.disconnectAccount(WORKSPACE, id)
    return
  }
  if (step === 'reconnect') await weir.commands.connectAccount(WORKSPACE, connectionOf(id))
  const account = await weir.account(id)
  if (account.connectionStatus !== 'connected') return
  const wish = { account, origin: 'schedule', publicationIds: null } as const
  const queue = weir.deps.db.transaction()
  queuedUncharged(model, await queue.execute((db) => queueRefresh(weir.deps, db, wish)))
}

async function run(world: World, step: Extract<Step, { step: 'run' }>): Promise<void> {
  const { weir, model } = world
  const all = [...model.active.values()]
  const active = all[step.which % Math.max(1, all.length)]
  if (!active) return
  const { platform } = weir
  const failure = step.how === 'nothing' ? failureOf('unsupported') : failureOf('unavailable')
  const fails = step.how === 'nothing' || step.how === 'down'
  platform.listingFailure = fails ? failure : null
  platform.account = fails ? failure : { follower_count: 1 }
  platform.publicationsFailure = fails ? failure : null
  platform.publications = NUMBERS
  platform.before = () => {
    if (step.how === 'killed') throw new Error('The process was killed.')
  }
  const after = await weir.run(active, step.attempt).catch((error: Error) => {
    if (step.how !== 'killed') throw error
    return null
  })
  if (after) ran(model, after)
}

/** What is stored is what the model says. */
async function check({ store, model }: World): Promise<void> {
  const rows = await store.db
    .selectFrom('refresh')
    .select(['id', 'account_id', 'status', 'charged_at'])
    .orderBy('charged_at')
    .execute()
  const used = Object.entries(await usage(store))
  expect(used.filter(([, units]) => units > 0).sort()).toEqual(
    [...model.used].filter(([, units]) => units > 0).sort(),
  )
  expect(used.filter(([, units]) => units < 0 || units > QUOTA)).toEqual([])
  const active = rows.filter(({ status }) => status === 'queued' || status === 'running')
  expect(active.map(({ account_id, id }) => [account_id, id]).sort()).toEqual(
    [...model.active].map(([account, { id }]) => [account, id]).sort(),
  )
  for (const id of ACCOUNTS) {
    const charges = rows.flatMap((row) => (row.account_id === id ? (row.charged_at ?? []) : []))
    expect(charges).toEqual(model.charges.get(id) ?? [])
    const gaps = charges.slice(1).map((at, index) => at.getTime() - Number(charges[index]))
    expect(gaps.filter((gap) => gap < COOLDOWN_HOURS * HOUR_MS)).toEqual([])
  }
}

test('whatever is asked for, units, cooldowns and refreshes are as they should be', async () => {
  const steps = fc.array(STEP, { minLength: 20, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      await using store = await openTestStore()
      const world = await openWorld(store)
      try {
        for (const step of taken) {
          await take(world, step)
          await check(world)
        }
      } finally {
        await world.weir[Symbol.asyncDispose]()
      }
    }),
    { numRuns: 15 },
  )
}, 60_000)
