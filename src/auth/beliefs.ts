const BELIEVED_MS = 5_000
const BELIEVED_MAX = 10_000

/** What was found out of late, by name. It is believed for five seconds. */
export interface Beliefs<Value> {
  /** Null: nothing is known, or it was found out too long ago. */
  get(name: string, now: Date): Value | null
  /** Of too many, the oldest is forgotten. */
  set(name: string, value: Value, now: Date): void
  delete(name: string): void
}

/** A memory that saves statements: what is withdrawn elsewhere may hold on for five seconds. */
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
      known.set(name, { value, until: now.getTime() + BELIEVED_MS })
    },
    delete: (name) => void known.delete(name),
  }
}
