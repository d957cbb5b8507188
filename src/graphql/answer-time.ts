const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** As of when an answer is, and from when on it would be another one with the same data. */
export interface AnswerTime {
  /** For what is different at every moment: nobody else gets an answer that was made of it. */
  now(): Date
  /** For what changes at an instant; null, or one that has passed: it stays as it is. */
  changingAt(instant: Date | null): Date
  /** For what changes with the date in UTC. */
  today(): Date
  /** For a window that ends now: one that ended up to a minute ago will do. */
  recently(): Date
  /** When the answer has to be made anew, though no data changed; null: never. */
  until(): Date | null
}

/** The time of one answer. */
export function createAnswerTime(now: Date): AnswerTime {
  let until: number | null = null
  const holdUntil = (instant: number) => {
    until = Math.min(until ?? instant, instant)
    return now
  }
  return {
    now: () => holdUntil(now.getTime()),
    changingAt: (instant) =>
      instant !== null && instant > now ? holdUntil(instant.getTime()) : now,
    today: () => holdUntil((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS),
    recently: () => holdUntil(now.getTime() + MINUTE_MS),
    until: () => (until === null ? null : new Date(until)),
  }
}
