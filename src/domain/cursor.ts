import { AppError } from './errors.ts'
import type { Cursor } from './page.ts'

/** The order that a cursor belongs to: its name, and what its sort values are. */
export interface CursorOrder {
  /** Such as `publications.views.desc`. A cursor of one order means nothing in another. */
  name: string
  value: 'instant' | 'number'
}

/** Opaque text for a place in a list: base64url, safe in a URL. */
export function encodeCursor(order: CursorOrder, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([order.name, cursor.value, cursor.id])).toString('base64url')
}

/**
 * The place that `encodeCursor` named. Throws `BAD_USER_INPUT`, naming the argument, for a text
 * that is no cursor and for a cursor of a list in another order.
 */
export function decodeCursor(order: CursorOrder, text: string, argument: string): Cursor {
  const [name, value, id] = parseParts(text)
  if (typeof name !== 'string' || !isId(id) || !isSortValue(value)) {
    throw new AppError('BAD_USER_INPUT', `\`${argument}\` is not a cursor.`, argument)
  }
  if (name !== order.name || !fits(order, value)) {
    const message = `\`${argument}\` is a cursor of a list in another order.`
    throw new AppError('BAD_USER_INPUT', message, argument)
  }
  return { value, id }
}

function parseParts(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return Array.isArray(parts) && parts.length === 3 ? parts : []
  } catch {
    return []
  }
}

// PostgreSQL's text holds no U+0000, so no id does.
function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && !id.includes('\0')
}

function isSortValue(value: unknown): value is Cursor['value'] {
  return value === null || typeof value === 'string' || typeof value === 'number'
}

function fits(order: CursorOrder, value: Cursor['value']): boolean {
  if (value === null) return true
  if (order.value === 'number') return typeof value === 'number' && Number.isFinite(value)
  return typeof value === 'string' && isInstant(value)
}

// Only the spelling that `encodeCursor` was given passes, and only years that the database has.
function isInstant(text: string): boolean {
  const at = new Date(text)
  if (!/^\d{4}-/.test(text) || text.startsWith('0000')) return false
  return !Number.isNaN(at.getTime()) && at.toISOString() === text
}
