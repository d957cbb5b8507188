import type { ServerName } from './serve-contest.ts'
import type { Turn, Turns } from './serve-rounds.ts'

/** A server's turns with one number of connections, in the order of rounds. Throws without any. */
export function turnsOf(turns: Turns, connections: number, name: ServerName): readonly Turn[] {
  const own = turns.get(connections)?.get(name)
  if (own === undefined) throw new Error(`${name} has not been measured.`)
  return own
}

/** The middle one of several figures. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const [low = 0, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  return (low + high) / 2
}

/** What a figure of one server is to that of another: the median of the rounds' ratios. */
export function ratioOf(
  ours: readonly Turn[],
  theirs: readonly Turn[],
  figure: (turn: Turn) => number,
): number {
  const ratios = ours.flatMap((turn, round) => {
    const other = theirs[round]
    return other ? [figure(turn) / figure(other)] : []
  })
  return median(ratios)
}
