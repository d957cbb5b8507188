import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DECAY_HOURS, decayQuestion } from '../../src/domain/decay.ts'
import type { HistoryQuery } from '../../src/domain/history.ts'
import { accountHistories, publicationHistories } from '../../src/store/history.ts'
import { snapshotMonths } from '../../src/store/partitions.ts'
import { insertPublications } from '../../src/store/publication-writes.ts'
import { publicationReadings } from '../../src/store/readings.ts'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { type ThinStep, thinStep } from '../../src/store/thinning.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { addWorkspace, metrics, publication } from '../support/rows.ts'

const DAY_MS = 24 * 3_600_000
const START = Date.parse('2026-01-27T00:00:00Z')
const DAYS = 10
const END = new Date(START + DAYS * DAY_MS)
const PUBLISHED = [
  null,
  START - 20 * DAY_MS,
  START - 3_600_000,
  START + 2.3 * DAY_MS,
  START + DAY_MS,
]

type Reading = Pick<NewSnapshot, 'subject' | 'subjectId'> & { at: number }

// Also at the very edges of days and of ages.
const instants = fc
  .tuple(
    fc.nat(DAYS - 1),
    fc.constantFrom(0, 1, 3_600_000, 6 * 3_600_000, DAY_MS - 1, null),
    fc.nat(),
  )
  .map(([day, edge, some]) => START + day * DAY_MS + (edge ?? some % DAY_MS))
const subjects = fc.constantFrom(
  { subject: 'account' as const, subjectId: 'account' },
  ...PUBLISHED.map((_, number) => ({ subject: 'publication' as const, subjectId: `p${number}` })),
)
const placed = fc
  .record({ of: subjects, at: instants })
  .map(({ of, at }): Reading => ({ ...of, at }))
const readings = fc.uniqueArray(placed, { maxLength: 60, selector: keyOf })

function keyOf({ subject, subjectId, at }: Reading): string {
  return `${subject} ${subjectId} ${at}`
}

const dayOf = (at: number) => Math.floor(at / DAY_MS)

/** What stays, by looking at each reading: the last of each day, and what decay is told by. */
function thinned(all: readonly Reading[]): string[] {
  const groups = Map.groupBy(all, ({ subject, subjectId }) => `${subject} ${subjectId}`)
  return [...groups.values()]
    .flatMap((own) => {
      const sorted = own.toSorted((one, other) => one.at - other.at)
      return sorted.filter(({ subject, subjectId, at }, index) => {
        const next = sorted[index + 1]?.at
        if (next === undefined || dayOf(next) > dayOf(at)) return true
        const publishedAt = subject === 'account' ? null : (PUBLISHED[Number(subjectId[1])] ?? null)
        if (publishedAt === null) return false
        const ages = DECAY_HOURS.map((hours) => publishedAt + hours * 3_600_000)
        return ages.some((age) => age >= at && age < next)
      })
    })
    .map(keyOf)
    .sort()
}

describeStores('thinning', (open) => {
  let store: TestStore

  beforeAll(async () => {
    store = await open()
    await addWorkspace(store.db, 'w')
    const published = PUBLISHED.map((at, number) =>
      publication({ id: `p${number}`, publishedAt: at === null ? null : new Date(at) }),
    )
    await insertPublications(store.db, 'w', published)
  })
  afterAll(() => store.close())

  async function fill(all: readonly Reading[]) {
    await sql`truncate snapshot`.execute(store.db)
    const snapshots = all.map(({ at, ...of }) => {
      const numbers = { native: { n: at }, metrics: metrics({ views: at }), catalogVersion: 1 }
      return { ...of, ...numbers, capturedAt: new Date(at) }
    })
    await insertSnapshots(store.db, 'w', snapshots)
    await insertSnapshots(store.db, 'other', snapshots)
  }

  async function thinAll(limit: number, isDry = false) {
    let count = 0
    for (const { from, to } of await snapshotMonths(store.db)) {
      let at: ThinStep['at'] = null
      do {
        const step: ThinStep = { from, to: to < END ? to : END, at, limit, isDry }
        const taken = await thinStep(store.db, 'w', step)
        expect(taken.left).toBe(0)
        count += taken.thinned
        at = taken.next
      } while (at !== null)
    }
    return count
  }

  async function left(workspaceId: string) {
    const rows = await store.db
      .selectFrom('snapshot')
      .select(['subject', 'subject_id as subjectId', 'captured_at as at'])
      .where('workspace_id', '=', workspaceId)
      .execute()
    return rows.map((row) => keyOf({ ...row, at: row.at.getTime() } as Reading)).sort()
  }

  async function answers() {
    const ids = PUBLISHED.map((_, number) => `p${number}`)
    const histories = []
    for (const interval of ['day', 'week', 'month'] as const) {
      const from = new Date(START + 2 * DAY_MS)
      const to = new Date(START + 7 * DAY_MS - 1)
      for (const window of [
        { from: new Date(START), to: END },
        { from, to },
      ]) {
        const query: HistoryQuery = { ...window, interval, timeZone: 'UTC', limit: 1000 }
        histories.push(await publicationHistories(store.db, 'w', ids, query))
        histories.push(await accountHistories(store.db, 'w', ['account'], query))
      }
    }
    const questions = PUBLISHED.flatMap((at, number) =>
      DECAY_HOURS.flatMap((hours) => {
        const published = { id: `p${number}`, publishedAt: at === null ? null : new Date(at) }
        const asked = decayQuestion(published, hours, { now: END, ageMaxHours: 48 })
        return asked ?? []
      }),
    )
    return { histories, decay: await publicationReadings(store.db, 'w', questions) }
  }

  test('keeps what looking at each reading keeps, in steps of any size', async () => {
    const property = fc.asyncProperty(
      readings,
      fc.integer({ min: 2, max: 9 }),
      async (all, limit) => {
        await fill(all)
        const expected = thinned(all)
        expect(await thinAll(limit, true)).toBe(all.length - expected.length)
        expect(await left('w')).toHaveLength(all.length)
        expect(await thinAll(limit)).toBe(all.length - expected.length)
        expect(await left('w')).toEqual(expected)
        expect(await thinAll(limit)).toBe(0)
        expect(await left('other')).toHaveLength(all.length)
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })

  test('changes no history by day, week or month in UTC, and no decay', async () => {
    const property = fc.asyncProperty(readings, async (all) => {
      await fill(all)
      const before = await answers()
      await thinAll(7)
      expect(await answers()).toEqual(before)
    })
    await fc.assert(property, { numRuns: 25 })
  })
})
