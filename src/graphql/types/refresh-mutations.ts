import type { Account as AccountModel } from '../../domain/account.ts'
import type { Post as PostModel } from '../../domain/post.ts'
import type { Refresh as RefreshModel } from '../../domain/refresh.ts'
import type { AccountRefreshAnswer, PostRefreshAnswer } from '../../refresh/requests.ts'
import { builder } from '../builder.ts'
import { toLocalId } from '../ids.ts'
import { Account } from './account.ts'
import {
  CooldownError,
  cooldown,
  NotConnectedError,
  NotFoundError,
  notConnected,
  notFound,
  QuotaExceededError,
  quotaExceeded,
} from './error.ts'
import { Post } from './post.ts'
import { Refresh } from './refresh.ts'

const REFUSALS = {
  cooldown: CooldownError,
  quota_exceeded: QuotaExceededError,
  not_connected: NotConnectedError,
  not_found: NotFoundError,
} as const

type Answer = AccountRefreshAnswer | PostRefreshAnswer
type Refused = Extract<Answer, { kind: keyof typeof REFUSALS }>

const KEY_DESCRIPTION =
  '1 to 255 characters. The same key again, for the same thing, gets the same refresh for a day' +
  ' and costs nothing.'

export const RefreshQueued = builder
  .objectRef<{ kind: 'queued'; refresh: RefreshModel }>('RefreshQueued')
  .implement({
    description:
      'The account will be read. A wish during an active refresh gets that one, and costs nothing.',
    fields: (t) => ({ refresh: t.expose('refresh', { type: Refresh }) }),
  })

export const AlreadyFresh = builder
  .objectRef<{ kind: 'fresh'; account: AccountModel }>('AlreadyFresh')
  .implement({
    description: 'Everything of the account is fresh; nothing was asked of the platform.',
    fields: (t) => ({ account: t.expose('account', { type: Account }) }),
  })

export const RefreshPostQueued = builder
  .objectRef<{ kind: 'queued'; refreshes: RefreshModel[]; post: PostModel }>('RefreshPostQueued')
  .implement({
    description:
      'The post will be read, with one refresh for each of its accounts: but for those where its' +
      ' numbers are fresh, and those that cool down while others do not. Where nothing is stale,' +
      ' there are no refreshes, and nothing will be read.',
    fields: (t) => ({
      refreshes: t.expose('refreshes', { type: [Refresh] }),
      post: t.expose('post', { type: Post }),
    }),
  })

export const RefreshAccountResult = builder.unionType('RefreshAccountResult', {
  description: 'The refresh that was queued, or why none was.',
  types: [
    RefreshQueued,
    AlreadyFresh,
    CooldownError,
    QuotaExceededError,
    NotConnectedError,
    NotFoundError,
  ],
  resolveType: ({ kind }) => ({ ...REFUSALS, queued: RefreshQueued, fresh: AlreadyFresh })[kind],
})

export const RefreshPostResult = builder.unionType('RefreshPostResult', {
  description: 'The refreshes that were queued, or why none was.',
  types: [RefreshPostQueued, CooldownError, QuotaExceededError, NotConnectedError, NotFoundError],
  resolveType: ({ kind }) => ({ ...REFUSALS, queued: RefreshPostQueued })[kind],
})

builder.mutationFields((t) => ({
  refreshAccount: t.field({
    type: RefreshAccountResult,
    authScopes: { scope: 'analytics:refresh' },
    description:
      'Asks for fresh numbers of an account and of everything published under it, and for content' +
      ' that is not known yet. Answers at once; the refresh says when it is done. Takes one of the' +
      " month's refreshes, which comes back when it brings nothing.",
    args: {
      accountId: t.arg.id({ required: true }),
      idempotencyKey: t.arg.string({ description: KEY_DESCRIPTION }),
    },
    resolve: async (_root, args, { commands, loaders, principal }) => {
      const answer = await commands.requestAccountRefresh(principal.workspaceId, {
        accountId: toLocalId('Account', args.accountId, 'accountId'),
        idempotencyKey: args.idempotencyKey ?? null,
      })
      loaders.clear()
      return isRefused(answer) ? refusalOf(answer, 'account') : answer
    },
  }),
  refreshPost: t.field({
    type: RefreshPostResult,
    authScopes: { scope: 'analytics:refresh' },
    description:
      'Asks for fresh numbers of a post, wherever it was published. Takes one of the month’s' +
      ' refreshes for each account, all of them or none.',
    args: {
      postId: t.arg.id({ required: true }),
      accountId: t.arg.id({ description: 'Only where it was published under this account.' }),
      idempotencyKey: t.arg.string({ description: KEY_DESCRIPTION }),
    },
    resolve: async (_root, args, { commands, loaders, principal }) => {
      const answer = await commands.requestPostRefresh(principal.workspaceId, {
        postId: toLocalId('Post', args.postId, 'postId'),
        accountId:
          typeof args.accountId === 'string'
            ? toLocalId('Account', args.accountId, 'accountId')
            : null,
        idempotencyKey: args.idempotencyKey ?? null,
      })
      loaders.clear()
      return isRefused(answer) ? refusalOf(answer, 'post') : answer
    },
  }),
}))

function isRefused<Given extends Answer>(answer: Given): answer is Extract<Given, Refused> {
  return answer.kind in REFUSALS
}

function refusalOf(answer: Refused, noun: string) {
  if (answer.kind === 'not_found') return notFound(noun)
  if (answer.kind === 'not_connected') return notConnected(answer.account)
  if (answer.kind === 'quota_exceeded') return quotaExceeded(answer.monthlyQuota)
  return cooldown(answer.nextRefreshAt, answer.hoursRemaining)
}
