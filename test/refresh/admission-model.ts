import { expect } from 'vitest'
import type { Refresh } from '../../src/domain/refresh.ts'
import type { AccountRefreshAnswer, PostRefreshAnswer } from '../../src/refresh/requests.ts'

const HOUR_MS = 3_600_000

/** What the workspaces of the model allow. */
export const COOLDOWN_HOURS = 48
export const QUOTA = 4

interface ModelRefresh {
  id: string
  /** Null: it was not charged. */
  chargedAt: Date | null
}

/** What admission should know, kept beside it. */
export interface Model {
  /** Units used, by month. */
  used: Map<string, number>
  /** By account. */
  active: Map<string, ModelRefresh>
  /** Charges that were not given back, newest last, by account. */
  charges: Map<string, Date[]>
}

/** A model in which nothing has happened. */
export function emptyModel(): Model {
  return { used: new Map(), active: new Map(), charges: new Map() }
}

/** An answer to a wish for an account, checked against the model, which takes it over. */
export function answeredForAccount(
  model: Model,
  accountId: string,
  answer: AccountRefreshAnswer,
  now: Date,
): void {
  if (answer.kind === 'queued') takeOver(model, [answer.refresh], now)
  if (['queued', 'not_connected', 'not_found'].includes(answer.kind)) return
  expect(model.active.has(accountId)).toBe(false)
  if (answer.kind === 'cooldown') {
    expect(answer.nextRefreshAt).toEqual(coolsUntil(model, accountId, now))
  }
  if (answer.kind === 'quota_exceeded') {
    expect(coolsUntil(model, accountId, now)).toBeNull()
    expect(usedIn(model, now)).toBe(QUOTA)
    expect(answer.monthlyQuota).toMatchObject({ limit: QUOTA, used: QUOTA })
  }
}

/** The same of a wish for a post of some accounts. */
export function answeredForPost(
  model: Model,
  accountIds: readonly string[],
  answer: PostRefreshAnswer,
  now: Date,
): void {
  if (answer.kind === 'queued') takeOver(model, answer.refreshes, now)
  if (['queued', 'not_connected', 'not_found'].includes(answer.kind)) return
  const ends = accountIds.map((id) => coolsUntil(model, id, now)).filter((end) => end !== null)
  if (answer.kind === 'cooldown') {
    expect(accountIds.some((id) => model.active.has(id))).toBe(false)
    expect(ends).toContainEqual(answer.nextRefreshAt)
    return
  }
  const free = accountIds.filter((id) => !model.active.has(id) && !coolsUntil(model, id, now))
  expect(free.length).toBeGreaterThan(0)
  expect(usedIn(model, now) + free.length).toBeGreaterThan(QUOTA)
}

function takeOver(model: Model, refreshes: readonly Refresh[], now: Date): void {
  const added = refreshes.filter(({ id, accountId }) => model.active.get(accountId)?.id !== id)
  for (const { id, accountId, origin } of added) {
    expect(origin).toBe('request')
    expect(model.active.has(accountId)).toBe(false)
    expect(coolsUntil(model, accountId, now)).toBeNull()
    model.active.set(accountId, { id, chargedAt: now })
    model.charges.set(accountId, [...(model.charges.get(accountId) ?? []), now])
    model.used.set(monthOf(now), usedIn(model, now) + 1)
  }
  expect(usedIn(model, now)).toBeLessThanOrEqual(QUOTA)
}

/** A refresh that nobody asked for is active, if none was before. */
export function queuedUncharged(model: Model, { id, accountId }: Refresh): void {
  const active = model.active.get(accountId)
  if (active) expect(active.id).toBe(id)
  else model.active.set(accountId, { id, chargedAt: null })
}

/** A refresh after a run of it: it may have ended, and then gives back what brought nothing. */
export function ran(model: Model, { status, accountId, updated }: Refresh): void {
  if (status === 'queued' || status === 'running') return
  const chargedAt = model.active.get(accountId)?.chargedAt ?? null
  model.active.delete(accountId)
  if (chargedAt === null || updated > 0) return
  model.charges.set(accountId, (model.charges.get(accountId) ?? []).slice(0, -1))
  model.used.set(monthOf(chargedAt), usedIn(model, chargedAt) - 1)
}

function monthOf(at: Date): string {
  return `${at.toISOString().slice(0, 7)}-01`
}

function usedIn(model: Model, at: Date): number {
  return model.used.get(monthOf(at)) ?? 0
}

function coolsUntil(model: Model, accountId: string, now: Date): Date | null {
  const last = model.charges.get(accountId)?.at(-1)
  if (!last) return null
  const end = new Date(last.getTime() + COOLDOWN_HOURS * HOUR_MS)
  return end > now ? end : null
}
