import type { Account } from '../../domain/account.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import type { RefreshQuota as RefreshQuotaModel } from '../../domain/refresh.ts'
import { builder } from '../builder.ts'
import { Connection } from './connection.ts'
import { RefreshQuota } from './refresh-quota.ts'

/** A refusal as a mutation answers with it: `kind` tells the types apart. */
export interface Refusal<Kind extends string> {
  kind: Kind
  code: ErrorCode
  /** A sentence for people. */
  message: string
}

/** What was asked for does not exist, or belongs to another workspace. */
export type NotFound = Refusal<'not_found'>

/** An input that cannot be taken, and which field of it is wrong. */
export type InvalidInput = Refusal<'invalid'> & { field: string | null }

/** The account's tokens cannot be used. */
export type NotConnected = Refusal<'not_connected'> & { account: Account }

/** The account was refreshed too recently. */
export type Cooldown = Refusal<'cooldown'> & { nextRefreshAt: Date; hoursRemaining: number }

/** The month has too few refreshes left. */
export type QuotaExceeded = Refusal<'quota_exceeded'> & { monthlyQuota: RefreshQuotaModel }

export const ErrorInterface = builder.interfaceRef<Refusal<string>>('Error').implement({
  description: 'Why a mutation did not do what it was asked to.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'For programs. docs/errors.md lists them.' }),
    message: t.exposeString('message', { description: 'For people.' }),
  }),
})

export const NotFoundError = builder.objectRef<NotFound>('NotFoundError').implement({
  description: 'No such thing in this workspace.',
  interfaces: [ErrorInterface],
})

export const InvalidInputError = builder.objectRef<InvalidInput>('InvalidInputError').implement({
  description: 'An input that cannot be taken. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    field: t.exposeString('field', {
      nullable: true,
      description: 'Which field of the input is wrong. Null: the input as a whole.',
    }),
  }),
})

export const NotConnectedError = builder.objectRef<NotConnected>('NotConnectedError').implement({
  description: 'The account has no tokens that its platform takes. Connect it again.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    connection: t.expose('account', { type: Connection }),
  }),
})

export const CooldownError = builder.objectRef<Cooldown>('CooldownError').implement({
  description: 'The account was refreshed too recently.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    nextRefreshAt: t.expose('nextRefreshAt', {
      type: 'DateTime',
      description: 'When the cooldown ends; that of the first account, where several cool down.',
    }),
    hoursRemaining: t.exposeFloat('hoursRemaining', {
      description: 'Whole hours until then, rounded up.',
    }),
  }),
})

export const QuotaExceededError = builder.objectRef<QuotaExceeded>('QuotaExceededError').implement({
  description: 'The workspace has too few refreshes left this month. Nothing was queued.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    monthlyQuota: t.expose('monthlyQuota', { type: RefreshQuota }),
  }),
})

/** The refusal of an id that the workspace does not have. */
export function notFound(noun: string): NotFound {
  return {
    kind: 'not_found',
    code: 'NOT_FOUND',
    message: `This workspace has no such ${noun}.`,
  }
}

/** The refusal of an input; the message says what is wrong. */
export function invalidInput(field: string | null, message: string): InvalidInput {
  return { kind: 'invalid', code: 'BAD_USER_INPUT', message, field }
}

/** The refusal to refresh an account whose tokens cannot be used. */
export function notConnected(account: Account): NotConnected {
  const message = 'The account must be connected again before it can be refreshed.'
  return { kind: 'not_connected', code: 'NOT_CONNECTED', message, account }
}

/** The refusal of a refresh so soon after the last one that was asked for. */
export function cooldown(nextRefreshAt: Date, hoursRemaining: number): Cooldown {
  const hours = hoursRemaining === 1 ? '1 hour' : `${hoursRemaining} hours`
  const message =
    'It was refreshed on request a short while ago. It can be refreshed again in' +
    ` ${hours}, from ${nextRefreshAt.toISOString()} on.`
  return { kind: 'cooldown', code: 'COOLDOWN', message, nextRefreshAt, hoursRemaining }
}

/** The refusal of a refresh that the month's quota is too small for. */
export function quotaExceeded(monthlyQuota: RefreshQuotaModel): QuotaExceeded {
  const { limit, used, resetsAt } = monthlyQuota
  const left = Math.max(0, limit - used)
  const message =
    `This takes more refreshes than the workspace has left this month: ${left} of ${limit}.` +
    ` The next month begins at ${resetsAt.toISOString()}.`
  return { kind: 'quota_exceeded', code: 'QUOTA_EXCEEDED', message, monthlyQuota }
}
