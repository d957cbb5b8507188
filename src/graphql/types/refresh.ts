import type { RefreshStep } from '../../domain/notice.ts'
import type { PageRequest } from '../../domain/page.ts'
import type { RefreshStatus as RefreshStatusModel } from '../../domain/refresh.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { enumOf } from '../enums.ts'
import { toLocalId } from '../ids.ts'
import type { PageArguments } from '../page-arguments.ts'
import { cursorOrder, toConnection } from '../pages.ts'
import { present } from '../present.ts'
import { Account } from './account.ts'

const NEWEST_FIRST = { field: 'requestedAt', direction: 'desc' } as const

export const RefreshStatus = enumOf<RefreshStatusModel>(
  'RefreshStatus',
  'How far a refresh has come.',
  {
    queued: 'Waits for a worker, or until the platform allows more calls.',
    running: null,
    succeeded: 'Every row got an answer.',
    partial: 'Some rows got an answer.',
    failed: 'No row got an answer; `errorMessage` says why.',
  },
)

export const Refresh = builder.objectRef<RefreshStep>('Refresh')

builder.node(Refresh, {
  description: 'One refresh of one account. Wishes that meet while it is active share it.',
  id: { resolve: ({ id }) => id },
  loadManyWithoutCache: (ids, { loaders }) =>
    Promise.all(ids.map((id) => loaders.refresh.load(id))),
  fields: (t) => ({
    status: t.expose('status', { type: RefreshStatus }),
    account: t.field({
      type: Account,
      resolve: async ({ accountId }, _args, { loaders }) =>
        present(await loaders.account.load(accountId)),
    }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a worker took it. Null: none has yet.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null: it has not finished.',
    }),
    updated: t.exposeInt('updated', { description: 'Rows that got new numbers.' }),
    failed: t.exposeInt('failed', { description: 'Rows that the platform failed to answer for.' }),
    upstreamCalls: t.exposeInt('upstreamCalls', {
      description: 'Calls made to the platform, retries and token refreshes included.',
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'Why it failed, wholly or in part. Null: it did not.',
    }),
  }),
})

export const RefreshConnection = builder.connectionObject({
  type: Refresh,
  name: 'RefreshConnection',
  description: 'A page of refreshes.',
})

builder.queryField('refresh', (t) =>
  t.field({
    type: Refresh,
    nullable: true,
    description: 'Takes the plain id or the global one. Null: there is none.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.refresh.load(toLocalId('Refresh', id)),
  }),
)

/** One page of an account's refreshes, newest first. */
export function readRefreshesOf(accountId: string, { loaders }: Context, args: PageArguments) {
  const { page, count } = loaders.refreshesOfAccount
  const list = {
    page: (request: PageRequest) => page.load(accountId, request),
    count: () => count.load(accountId, null),
  }
  return toConnection(list, args, cursorOrder('refreshes', NEWEST_FIRST, 'instant'))
}
