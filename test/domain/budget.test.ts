import { describe, expect, test } from 'vitest'
import {
  type Budget,
  budgetAt,
  heldUntil,
  platformDay,
  tighterBudget,
  type UpstreamBudget,
} from '../../src/domain/budget.ts'

const NOW = new Date('2026-03-01T06:00:00Z')
const LATER = new Date('2026-03-01T07:00:00Z')

function budget(more: Partial<Budget> = {}): Budget {
  return { scope: 'account', limit: 900, remaining: 5, reserve: 0, resetsAt: LATER, ...more }
}

test('a day is that of the platform’s own clock', () => {
  expect(platformDay('x', NOW)).toBe('2026-03-01')
  expect(platformDay('youtube', NOW)).toBe('2026-02-28')
})

test.each<[string, Partial<Budget>, Date | null]>([
  ['something is left', {}, null],
  ['nothing is left', { remaining: 0 }, LATER],
  ['nothing was left until now', { remaining: 0, resetsAt: NOW }, null],
  ['nobody says until when', { remaining: 0, resetsAt: null }, null],
  ['nobody says what is left', { remaining: null }, null],
  ['the reserve is reached', { limit: 100, remaining: 10, reserve: 10 }, LATER],
  ['the reserve is not reached', { limit: 100, remaining: 11, reserve: 10 }, null],
])('calls wait where they should when %s', (_name, more, until) => {
  expect(heldUntil(budget(more), NOW)).toEqual(until)
})

describe('of two budgets that one run heard of', () => {
  const fullest = budget({ limit: 10_000, remaining: 9000 })
  const tight = budget({ limit: 900, remaining: 10 })

  test('the one with the smaller share left counts, whichever came first', () => {
    expect(tighterBudget(fullest, tight, NOW)).toBe(tight)
    expect(tighterBudget(tight, fullest, NOW)).toBe(tight)
  })

  test('one that says something counts before one that does not, or not any more', () => {
    const unsaid = budget({ remaining: null })
    const over = budget({ remaining: 0, resetsAt: NOW })
    for (const each of [unsaid, over]) {
      expect(tighterBudget(each, fullest, NOW)).toBe(fullest)
      expect(tighterBudget(fullest, each, NOW)).toBe(fullest)
    }
  })

  test('a hold lasts until its reset, unless the later one names a reset of its own', () => {
    const hold = budget({ remaining: 0, reserve: 10 })
    const usedUp = budget({ remaining: 0, reserve: 10, resetsAt: null })
    const longer = budget({ remaining: 0, resetsAt: new Date('2026-03-01T08:00:00Z') })
    const before = { ...longer, resetsAt: NOW }
    for (const each of [usedUp, { ...usedUp, remaining: 72 }, before]) {
      expect(tighterBudget(hold, each, NOW)).toBe(hold)
      expect(tighterBudget(each, hold, NOW)).toBe(hold)
    }
    expect(tighterBudget(hold, longer, NOW)).toBe(longer)
    expect(tighterBudget(hold, usedUp, LATER)).toBe(usedUp)
  })

  test('the later one counts where both say the same', () => {
    const again = { ...tight }
    expect(tighterBudget(tight, again, NOW)).toBe(again)
  })
})

describe('a budget that was kept', () => {
  const { scope, ...said } = budget({ remaining: 0 })
  const kept: UpstreamBudget = {
    ...said,
    ...{ platform: 'x', accountId: 'a', day: '2026-03-01', calls: 7 },
  }

  test('stands as it was heard until its reset', () => {
    expect(scope).toBe('account')
    expect(budgetAt(kept, NOW)).toEqual(kept)
  })

  test('says nothing of what is left after its reset', () => {
    expect(budgetAt(kept, LATER)).toEqual({ ...kept, remaining: null, resetsAt: null })
  })

  test('counts no calls of an earlier day', () => {
    const tomorrow = new Date('2026-03-02T00:00:00Z')
    expect(budgetAt(kept, tomorrow)).toMatchObject({ calls: 0, day: '2026-03-02', limit: 900 })
  })
})
