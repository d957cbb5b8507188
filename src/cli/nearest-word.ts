const DISTANCE_MAX = 3

/**
 * The word that was probably meant, or null when none is close: at most three letters wrong, and
 * fewer than half of them.
 */
export function nearestWord(word: string, known: readonly string[]): string | null {
  let nearest: { candidate: string; distance: number } | null = null
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance > DISTANCE_MAX || distance * 2 >= candidate.length) continue
    if (nearest === null || distance < nearest.distance) nearest = { candidate, distance }
  }
  return nearest?.candidate ?? null
}

/** How many letters must be put in, taken out or replaced to turn one word into the other. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      const shortest = Math.min(
        replaced,
        (previous[column + 1] ?? 0) + 1,
        (current[column] ?? 0) + 1,
      )
      current.push(shortest)
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
