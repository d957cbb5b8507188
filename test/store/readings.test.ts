import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audienceChange, toAudiencePoint } from '../../src/domain/audience-change.ts'
import { DECAY_HOURS, decayPoint, decayQuestion } from '../../src/domain/decay.ts'
import { readingAt } from '../../src/domain/reading.ts'
import { accountReadings, publicationReadings } from '../../src/store/readings.ts'
import { insertSnapshots, type NewSnapshot } from '../../src/store/snapshots.ts'
import { describeStores, type TestStore } from '../support/database.ts'
import { bruteAudienceChange, bruteDecay, type Reading } from '../support/readings.ts'
import { AT, later, metrics } from '../support/rows.ts'

const HOUR_MS = 3_600_000
const AGE_MAX_HOURS = 48
const IDS = ['one', 'other', 'third']

// Hours around which a reading begins or ceases to count, for publications of hour 0 and for windows
// between two of them: to the millisecond.
const EDGES = [-48, -47, -42, 0, 1, 6, 24, 48, 72, 120, 168, 672, 720]
const offsets = fc.constantFrom(-HOUR_MS / 3, -1, 0, 0, 1)
const instants = fc
  .tuple(fc.constantFrom(...EDGES), offsets)
  .map(([hours, offset]) => later(hours * HOUR_MS + offset))
const values = fc.option(fc.constantFrom(0, 1, 7, 250, 3_412_345_678))
const readings = fc
  .array(fc.record({ at: instants, value: values }), { maxLength: 25 })
  .map((all) => [...new Map(all.map((reading) => [reading.at.getTime(), reading])).values()])
const subjects = fc.tuple(readings, readings, readings)

function snapshot(subject: NewSnapshot['subject'], subjectId: string, { at, value }: Reading) {
  const views = subject === 'account' ? null : metrics({ views: value })
  const native: Record<string, number> =
    value === null ? { tweet_count: 1 } : { followers_count: value }
  return { subject, subjectId, capturedAt: at, native, metrics: views, catalogVersion: 1 }
}

describeStores('readings at an instant', (open) => {
  let store: TestStore
  const sent: string[] = []

  beforeAll(async () => {
    store = await open({ onStatement: (statement) => sent.push(statement) })
  })
  afterAll(() => store.close())

  async function fill(subject: NewSnapshot['subject'], given: readonly Reading[][]) {
    await sql`truncate snapshot`.execute(store.db)
    const rows = given.flatMap((all, index) =>
      all.map((reading) => snapshot(subject, IDS[index] ?? '', reading)),
    )
    await insertSnapshots(store.db, 'w', rows)
    sent.length = 0
  }

  test('tell of the change of audiences what looking at each reading does', async () => {
    const windows = fc.array(fc.tuple(instants, instants), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(subjects, windows, async (given, drawn) => {
        await fill('account', given)
        const asked = IDS.flatMap((id, index) =>
          drawn.map(([one, other]) => {
            const [from, to] = one < other ? [one, other] : [other, one]
            return { id, from, to, own: given[index] ?? [] }
          }),
        )
        const questions = asked.flatMap(({ id, from, to }) => [
          readingAt(id, from, AGE_MAX_HOURS),
          readingAt(id, to, AGE_MAX_HOURS),
        ])
        const found = await accountReadings(store.db, 'w', questions)
        const points = found.map((reading) => reading && toAudiencePoint('x', reading))
        asked.forEach(({ from, to, own }, index) => {
          const change = audienceChange(points[2 * index] ?? null, points[2 * index + 1] ?? null)
          expect(change).toEqual(bruteAudienceChange(own, { from, to }, AGE_MAX_HOURS))
        })
        expect(sent).toHaveLength(1)
      }),
      { numRuns: 60 },
    )
  })

  test('tell of the decay of publications what looking at each reading does', async () => {
    const published = fc.record({
      publishedAt: fc.option(offsets.map(later), { freq: 9 }),
      views: values,
    })
    const rows = fc.tuple(published, published, published)
    await fc.assert(
      fc.asyncProperty(subjects, rows, instants, async (given, drawn, now) => {
        await fill('publication', given)
        const known = { now, ageMaxHours: AGE_MAX_HOURS }
        const asked = drawn.flatMap(({ publishedAt, views }, index) =>
          DECAY_HOURS.map((hours) => {
            const row = { id: IDS[index] ?? '', publishedAt, metrics: metrics({ views }) }
            return { row, hours, question: decayQuestion(row, hours, known) }
          }),
        )
        const questions = asked.flatMap(({ question }) => question ?? [])
        const found = await publicationReadings(store.db, 'w', questions)
        const points = asked.map(({ row, hours, question }) =>
          decayPoint(hours, found[question ? questions.indexOf(question) : -1] ?? null, row),
        )
        const expected = drawn.flatMap((row, index) => bruteDecay(given[index] ?? [], row, known))
        expect(points).toEqual(expected)
        expect(sent).toHaveLength(1)
      }),
      { numRuns: 60 },
    )
  })

  test('hold nothing of other workspaces, and keep accounts and publications apart', async () => {
    await fill('publication', [[{ at: AT, value: 7 }]])
    await insertSnapshots(store.db, 'other', [snapshot('account', 'one', { at: AT, value: 1 })])
    const question = readingAt('one', AT, AGE_MAX_HOURS)
    expect(await accountReadings(store.db, 'w', [question])).toEqual([null])
    expect(await publicationReadings(store.db, 'other', [question])).toEqual([null])
    const found = await publicationReadings(store.db, 'w', [question, question])
    expect(found.map((reading) => reading?.metrics.views)).toEqual([7, 7])
  })

  test('are none before the first year', async () => {
    const first = new Date('0001-01-01T00:00Z')
    expect(await accountReadings(store.db, 'w', [readingAt('one', first, 48)])).toEqual([null])
  })
})
