/** What is left of a budget, and whether the schedule has to wait for more. */
export const HELD_BUDGETS: [
  budget: { limit: number | null; remaining: number | null; reserve: number },
  isHeld: boolean,
][] = [
  [{ limit: 100, remaining: 20, reserve: 0 }, false],
  [{ limit: 100, remaining: 19, reserve: 0 }, true],
  [{ limit: 99, remaining: 20, reserve: 0 }, false],
  [{ limit: 99, remaining: 19, reserve: 0 }, true],
  [{ limit: 1, remaining: 1, reserve: 0 }, false],
  [{ limit: 1, remaining: 0, reserve: 0 }, true],
  [{ limit: 35, remaining: 7, reserve: 0 }, false],
  [{ limit: 100, remaining: 25, reserve: 25 }, true],
  [{ limit: 100, remaining: 26, reserve: 25 }, false],
  [{ limit: 100, remaining: null, reserve: 25 }, false],
  [{ limit: null, remaining: 1, reserve: 0 }, false],
  [{ limit: null, remaining: 0, reserve: 0 }, true],
  [{ limit: 0, remaining: 0, reserve: 0 }, true],
]
