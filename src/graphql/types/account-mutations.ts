import type { Account as AccountModel } from '../../domain/account.ts'
import { builder } from '../builder.ts'
import { toLocalId } from '../ids.ts'
import { Account } from './account.ts'
import {
  InvalidInputError,
  invalidInput,
  NotConnectedError,
  NotFoundError,
  notFound,
} from './error.ts'
import { Platform } from './platform.ts'

export const ConnectAccountInput = builder.inputType('ConnectAccountInput', {
  description: 'An account, and the tokens that let this gateway read it.',
  fields: (t) => ({
    platform: t.field({ type: Platform, required: true }),
    platformAccountId: t.string({
      required: true,
      description: "The platform's own id of the profile, page or channel.",
    }),
    accessToken: t.string({ required: true, description: 'Kept encrypted; no answer shows it.' }),
    refreshToken: t.string({ description: 'Kept encrypted; no answer shows it.' }),
    tokenExpiresAt: t.field({ type: 'DateTime', description: 'When the access token expires.' }),
    scopes: t.stringList({
      description: 'The scopes that were granted. Left out: unknown; each counts as granted.',
    }),
    handle: t.string({ description: 'Shown until the platform tells.' }),
    localId: t.string({ description: 'Keep an id you already use; otherwise one is made.' }),
  }),
})

export const ConnectAccountSucceeded = builder
  .objectRef<{ kind: 'connected'; account: AccountModel }>('ConnectAccountSucceeded')
  .implement({
    description: 'The account is connected, and a first refresh of it is queued.',
    fields: (t) => ({ account: t.expose('account', { type: Account }) }),
  })

export const DisconnectAccountSucceeded = builder
  .objectRef<{ kind: 'disconnected'; account: AccountModel }>('DisconnectAccountSucceeded')
  .implement({
    description: "The account's tokens are gone. Its numbers stay as they were.",
    fields: (t) => ({ account: t.expose('account', { type: Account }) }),
  })

export const ConnectAccountResult = builder.unionType('ConnectAccountResult', {
  description: 'The connected account, or why it was not connected.',
  types: [ConnectAccountSucceeded, InvalidInputError, NotConnectedError],
  resolveType: ({ kind }) =>
    ({
      connected: ConnectAccountSucceeded,
      invalid: InvalidInputError,
      not_connected: NotConnectedError,
    })[kind],
})

export const DisconnectAccountResult = builder.unionType('DisconnectAccountResult', {
  description: 'The disconnected account, or that there is none.',
  types: [DisconnectAccountSucceeded, NotFoundError],
  resolveType: ({ kind }) =>
    ({ disconnected: DisconnectAccountSucceeded, not_found: NotFoundError })[kind],
})

builder.mutationFields((t) => ({
  connectAccount: t.field({
    type: ConnectAccountResult,
    authScopes: { scope: 'workspace:manage' },
    description:
      'Connects an account, or connects it again with new tokens: the same platform and platform' +
      ' account id are the same account.',
    args: { input: t.arg({ type: ConnectAccountInput, required: true }) },
    resolve: async (_root, { input }, { commands, loaders, principal }) => {
      const answer = await commands.connectAccount(principal.workspaceId, {
        platform: input.platform,
        platformAccountId: input.platformAccountId,
        accessToken: input.accessToken,
        refreshToken: input.refreshToken ?? null,
        tokenExpiresAt: input.tokenExpiresAt ?? null,
        scopes: input.scopes ?? null,
        handle: input.handle ?? null,
        localId: input.localId ?? null,
      })
      loaders.clear()
      return answer.kind === 'invalid' ? invalidInput(answer.field, answer.message) : answer
    },
  }),
  disconnectAccount: t.field({
    type: DisconnectAccountResult,
    authScopes: { scope: 'workspace:manage' },
    description: "Forgets an account's tokens. What was read of it stays.",
    args: { accountId: t.arg.id({ required: true }) },
    resolve: async (_root, args, { commands, loaders, principal }) => {
      const accountId = toLocalId('Account', args.accountId, 'accountId')
      const answer = await commands.disconnectAccount(principal.workspaceId, accountId)
      loaders.clear()
      return answer.kind === 'not_found' ? notFound('account') : answer
    },
  }),
}))
