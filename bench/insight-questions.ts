import { sql } from 'kysely'
import type { OverviewDimension, OverviewQuestion } from '../src/domain/overview.ts'
import type { PublicationFilter, PublicationOrderField } from '../src/domain/publication.ts'
import { createLoaders, type Loaders } from '../src/loaders/loaders.ts'
import { type Db, openStore, type Store } from '../src/store/connect.ts'
import { dueAccounts, duePublications, postsNotDue } from '../src/store/schedule.ts'
import type { Sent } from './insight-plans.ts'
import { DASHBOARD, FLEET, LARGEST_ACCOUNT, LAST_DAYS, NOW, YEAR } from './insight-world.ts'

/** A filled database, and what is asked for in it. */
export interface World extends AsyncDisposable {
  store: Store
  db: Db
  /** The statements sent since somebody last emptied the list. */
  sent: Sent[]
  /** Some of the fleet's publications. */
  posts: { id: string; publishedAt: Date }[]
  /** Some of the fleet's accounts, the largest left out. */
  accounts: string[]
}

/** Something that a dashboard asks. */
export interface Question {
  name: string
  /** Asks it as a request of its own would, and of something else in every turn. */
  ask(world: World, turn: number): Promise<unknown>
}

const SAMPLE = 500
const POINTS_MAX = 1001
const GROUPS_MAX = 1000
const ACCOUNTS_LISTED = 100
const REFRESHED_MAX = 1000
const MONTH_MS = 30 * 86_400_000
const TIME_ZONE = 'Europe/Berlin'
const TOP_25 = { limit: 25, after: null, before: null, backwards: false, filter: {} }

/** Opens a database that has been filled. */
export async function openWorld(databaseUrl: string): Promise<World> {
  const sent: Sent[] = []
  const onStatement = (text: string, parameters: readonly unknown[]) =>
    sent.push({ sql: text, parameters })
  const store = await openStore({ databaseUrl, dataDir: null, poolMax: 2, onStatement })
  const { db } = store
  const posts = await db
    .selectFrom('publication')
    .select(['id', 'published_at as publishedAt'])
    .where('workspace_id', '=', FLEET.workspaceId)
    .orderBy(sql`md5(id)`)
    .limit(SAMPLE)
    .$narrowType<{ publishedAt: Date }>()
    .execute()
  const accounts = await db
    .selectFrom('account')
    .select('id')
    .where('workspace_id', '=', FLEET.workspaceId)
    .where('id', '<>', LARGEST_ACCOUNT)
    .orderBy(sql`md5(id)`)
    .limit(SAMPLE)
    .execute()
  const close = () => store.close()
  const found = { posts, accounts: accounts.map(({ id }) => id) }
  return { store, db, sent, ...found, [Symbol.asyncDispose]: close }
}

/** What takes no longer in a large database than in a small one. */
export const STEADY: readonly Question[] = [
  {
    name: 'a post’s 30 days by day',
    ask(world, turn) {
      const { id, publishedAt: from } = oneOf(world.posts, turn)
      const to = new Date(from.getTime() + MONTH_MS)
      const query = { from, to, interval: 'day', timeZone: TIME_ZONE, limit: POINTS_MAX } as const
      return fleetOf(world).publicationHistory.load(id, query)
    },
  },
  {
    name: 'an account’s year by week',
    ask(world, turn) {
      const query = { ...YEAR, interval: 'week', timeZone: TIME_ZONE, limit: POINTS_MAX } as const
      return fleetOf(world).accountHistory.load(oneOf(world.accounts, turn), query)
    },
  },
  {
    name: '30 days of a workspace with 1,000 publications, by platform and day',
    ask: (world) =>
      overviewOf(createLoaders(world.db, DASHBOARD.workspaceId), publishedIn(LAST_DAYS), [
        'platform',
        'day',
      ]),
  },
  {
    name: 'an account’s top 25 by views',
    ask: (world, turn) => topOf(world, [oneOf(world.accounts, turn)], 'views'),
  },
]

/** What is asked of everything that a large workspace has, or of what is largest in it. */
export const GROWING: readonly Question[] = [
  { name: 'the largest account’s top 25 by views', ask: (world) => topOfLargest(world, 'views') },
  { name: 'the largest account’s top 25 by likes', ask: (world) => topOfLargest(world, 'likes') },
  {
    name: 'the top 25 by views of each of 100 accounts, the largest among them',
    ask: (world) => topOf(world, listedOf(world), 'views'),
  },
  {
    name: 'the fleet’s top 25 by views',
    ask: (world) =>
      fleetOf(world).publications.page({}, { field: 'views', direction: 'desc' }, TOP_25),
  },
  { name: 'the fleet’s totals', ask: (world) => fleetOf(world).publications.totals({}) },
  {
    name: '30 days of the fleet, by platform and day',
    ask: (world) => overviewOf(fleetOf(world), publishedIn(LAST_DAYS), ['platform', 'day']),
  },
  {
    name: 'all of the fleet, by weekday and hour',
    ask: (world) => overviewOf(fleetOf(world), {}, ['weekday', 'hourOfDay']),
  },
  {
    name: 'a page of 100 changes',
    ask: (world, turn) =>
      fleetOf(world).changesAfter({ version: turn, subject: 'publication', subjectId: '' }, 101),
  },
  {
    name: 'the accounts that are due',
    ask: ({ db }) =>
      db.transaction().execute((transaction) => dueAccounts(transaction, NOW, REFRESHED_MAX)),
  },
  {
    name: 'the largest account’s posts that are due',
    ask: ({ db }) => duePublications(db, FLEET.workspaceId, LARGEST_ACCOUNT, DUE),
  },
  {
    name: 'the largest account’s posts that are not due',
    ask: ({ db }) => postsNotDue(db, FLEET.workspaceId, LARGEST_ACCOUNT, DUE),
  },
]

const DUE = { now: NOW, limit: REFRESHED_MAX }

function oneOf<Item>(items: readonly Item[], turn: number): Item {
  const item = items[turn % items.length]
  if (item === undefined) throw new Error('The database is not filled.')
  return item
}

function fleetOf({ db }: World): Loaders {
  return createLoaders(db, FLEET.workspaceId)
}

function listedOf({ accounts }: World): string[] {
  return [LARGEST_ACCOUNT, ...accounts.slice(0, ACCOUNTS_LISTED - 1)]
}

function topOfLargest(world: World, field: PublicationOrderField): Promise<unknown> {
  return topOf(world, [LARGEST_ACCOUNT], field)
}

function topOf(world: World, accountIds: string[], field: PublicationOrderField) {
  const { page } = fleetOf(world).publicationsOfAccount
  const query = { ...TOP_25, order: { field, direction: 'desc' } } as const
  return Promise.all(accountIds.map((id) => page.load(id, query)))
}

function publishedIn({ from, to }: { from: Date; to: Date }): PublicationFilter {
  return { publishedFrom: from, publishedTo: to }
}

function overviewOf(
  { overview }: Loaders,
  filter: PublicationFilter,
  groupBy: OverviewDimension[],
): Promise<unknown> {
  const question: OverviewQuestion = {
    ...{ filter, groupBy, timeZone: TIME_ZONE, groupsMax: GROUPS_MAX },
  }
  return Promise.all([overview.totals(question, 0), overview.groups(question, 0)])
}
