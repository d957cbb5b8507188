/** How long what was found out is believed. */
export const BELIEVED_SECONDS = 5
const BELIEVED_MAX = 10_000

/** What was found out of late, by name. It is believed for `BELIEVED_SECONDS`. */
export interface Beliefs<Value> {
  /** Null: nothing is known, or it was found out too long ago. */
  get(name: string, now: Date): Value | null
  /** Of too many, the oldest is forgotten. */
  set(name: string, value: Value, now: Date): void
  delete(name: string): void
}

/** A memory that saves statements: what is withdrawn elsewhere may hold on for as long. */
export function createBeliefs<Value>(): Beliefs<Value> {
  const known = new Map<string, { value: Value; until: number }>()
  return {
    get(name, now) {
      const entry = known.get(name)
      return entry && now.getTime() < entry.until ? entry.value : null
    },
    set(name, value, now) {
      known.delete(name)
      const [oldest] = known.keys()
      if (known.size >= BELIEVED_MAX && oldest !== undefined) known.delete(oldest)
      known.set(name, { value, until: now.getTime() + BELIEVED_SECONDS * 1000 })
    },
    delete: (name) => void known.delete(name),
  }
}
