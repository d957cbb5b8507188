import { expect, test } from 'vitest'
import { scheduleHeldUntil } from '../../src/domain/budget.ts'
import { HELD_BUDGETS } from '../support/held-budgets.ts'

const NOW = new Date('2026-06-29T09:00:00Z')
const RESET = new Date('2026-06-29T09:15:00Z')

test.each(HELD_BUDGETS)('with %o left, the schedule waits: %s', (budget, isHeld) => {
  const until = scheduleHeldUntil({ ...budget, resetsAt: RESET }, NOW)
  expect(until).toEqual(isHeld ? RESET : null)
})

test('what was left before a reset that is over, or of which nobody knows, holds nothing', () => {
  const budget = { limit: 100, remaining: 0, reserve: 0 }
  expect(scheduleHeldUntil({ ...budget, resetsAt: NOW }, NOW)).toBeNull()
  expect(scheduleHeldUntil({ ...budget, resetsAt: null }, NOW)).toBeNull()
})
