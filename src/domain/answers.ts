/** An answer that may be given again. */
export interface KeptAnswer {
  /** The data version of the workspace that it was read at, or a later one. */
  version: number
  /** From when on it would be another; null: only once the version has moved. */
  until: Date | null
  body: Buffer
  /** What it tells apart from others under the same key; null: nothing does. */
  tag: string | null
  /** What it costs to be given again. */
  cost: number
}

/** Answers of this process that hold as long as the data that they were read from. */
export interface Answers {
  /** The answer under a key; null: none that holds at this version and time. */
  find(key: string, version: number, now: Date): KeptAnswer | null
  /** Keeps an answer that holds for a while, in place of others that were not asked for as lately. */
  keep(key: string, answer: KeptAnswer, now: Date): void
}
