/** A number from 0 (inclusive) to 1 (exclusive) that depends on nothing but the arguments. */
export function chanceOf(seed: number, ...parts: readonly (string | number)[]): number {
  return hashOf(seed, ...parts) / 0x1_0000_0000
}

/** A whole number from 0 to 2^32 - 1 that depends on nothing but the arguments. */
export function hashOf(seed: number, ...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5 ^ seed
  for (const part of parts) {
    for (const letter of `${part}\u0000`) {
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
    }
  }
  return mixed(hash)
}

/** A number between two bounds, at the place that `chance` (0 to 1) says. */
export function between(low: number, high: number, chance: number): number {
  return low + (high - low) * chance
}

/** One of the choices, at the place that `chance` (0 to 1) says. */
export function oneOf<Choice>(choices: readonly [Choice, ...Choice[]], chance: number): Choice {
  return choices[Math.floor(chance * choices.length)] ?? choices[0]
}

// Neighbouring inputs must not give neighbouring outputs: the finalizer of MurmurHash3.
function mixed(hash: number): number {
  let value = hash
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
