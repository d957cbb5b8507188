import { type Reads, readsOf } from './insight-plans.ts'
import type { Question, World } from './insight-questions.ts'

/** How long answers took, in milliseconds. */
export interface Times {
  p50: number
  p95: number
}

/** How often a question is asked of each database. */
export interface Turns {
  /** Before the clock counts. */
  warm: number
  measured: number
}

/** Asks one question of several databases in turn, so that what else goes on meets all of them. */
export async function timesOf(
  question: Question,
  worlds: readonly World[],
  { warm, measured }: Turns,
): Promise<Times[]> {
  const taken = worlds.map(() => [] as number[])
  for (let turn = 0; turn < warm + measured; turn += 1) {
    for (const [place, world] of worlds.entries()) {
      const startedAt = performance.now()
      await question.ask(world, turn)
      if (turn >= warm) taken[place]?.push(performance.now() - startedAt)
      world.sent.length = 0
    }
  }
  return taken.map((times) => ({ p50: quantile(times, 0.5), p95: quantile(times, 0.95) }))
}

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** What the database reads for the statements that a question sends. */
export async function readsFor(question: Question, world: World): Promise<Reads> {
  world.sent.length = 0
  await question.ask(world, 0)
  const sent = world.sent.splice(0)
  const reads = await Promise.all(sent.map((statement) => readsOf(world.db, statement)))
  world.sent.length = 0
  return {
    indexes: [...new Set(reads.flatMap(({ indexes }) => indexes))],
    wholeTables: reads.flatMap(({ wholeTables }) => wholeTables),
  }
}
