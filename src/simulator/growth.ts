/** A publication reaches half of everyone it will ever reach in this time. */
const HALF_LIFE_MS = 8 * 3600 * 1000

/**
 * What a count that ends at `total` has come to at an age in milliseconds. It never falls, is 0
 * at age 0, and is a whole number. It takes only exact arithmetic, so every machine agrees.
 */
export function grownTo(total: number, ageMs: number): number {
  if (ageMs <= 0) return 0
  return Math.floor(total * (ageMs / (ageMs + HALF_LIFE_MS)))
}

/** A steadily growing count: `base` at the anchor, `perDay` more for every day after it. */
export function steadyCount(base: number, perDay: number, sinceAnchorMs: number): number {
  const grown = (perDay * sinceAnchorMs) / 86_400_000
  if (sinceAnchorMs >= 0) return base + Math.floor(grown)
  // Before the anchor the line would cross zero: bend it, with the same slope at the anchor.
  return base === 0 ? 0 : Math.floor(base / (1 - grown / base))
}

/** The part of a count that did something further: never more than the count, and monotone. */
export function partOf(count: number, rate: number): number {
  return Math.floor(count * rate)
}
