import type { AccountFilter, Account as AccountModel } from '../../domain/account.ts'
import type { Audience as AudienceModel } from '../../domain/metric.ts'
import { toAudience } from '../../domain/normalize.ts'
import type { PageRequest } from '../../domain/page.ts'
import { builder, READ } from '../builder.ts'
import { toLocalId } from '../ids.ts'
import { cursorOrder, forwardArgs, pageArgs, toConnection } from '../pages.ts'
import { toUrl } from '../scalars.ts'
import { Connection, ConnectionStatus } from './connection.ts'
import { Measured } from './measured.ts'
import { AccountMetrics, nativeReading } from './native.ts'
import { Platform } from './platform.ts'
import { PublicationConnection } from './publication.ts'
import { publicationArgs, readPublicationsOf } from './publication-arguments.ts'
import { RefreshConnection, readRefreshesOf } from './refresh.ts'
import { VideoConnection } from './video.ts'
import { readVideosOf, videoArgs } from './video-arguments.ts'

const OLDEST_FIRST = { field: 'connectedAt', direction: 'asc' } as const

export const Audience = builder.objectRef<AudienceModel>('Audience').implement({
  description: "The same few numbers for every platform's accounts. Null is unknown, never zero.",
  fields: (t) => ({
    followers: t.expose('followers', { type: 'Count', nullable: true }),
    following: t.expose('following', {
      type: 'Count',
      nullable: true,
      description: 'Accounts that this one follows.',
    }),
    posts: t.expose('posts', {
      type: 'Count',
      nullable: true,
      description: 'Posts published in all, as the platform counts them.',
    }),
  }),
})

export const Account = builder.objectRef<AccountModel>('Account')

builder.node(Account, {
  description: 'A profile, page or channel on one platform, connected to this workspace.',
  interfaces: [Measured],
  id: { resolve: ({ id }) => id },
  loadManyWithoutCache: (ids, { loaders }) =>
    Promise.all(ids.map((id) => loaders.account.load(id))),
  fields: (t) => ({
    localId: t.exposeString('id', {
      description: 'The plain id, as imports and other systems use it.',
    }),
    platform: t.expose('platform', { type: Platform }),
    platformAccountId: t.exposeString('platformAccountId', {
      description: "The platform's own id of it.",
    }),
    handle: t.exposeString('handle', {
      nullable: true,
      description: 'Its name in addresses and mentions. Null: unknown until the first refresh.',
    }),
    displayName: t.exposeString('displayName', {
      nullable: true,
      description: 'Its name for people. Null: unknown until the first refresh.',
    }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      description: "Its picture. Many platforms' addresses expire within days.",
      resolve: ({ avatarUrl }) => toUrl(avatarUrl),
    }),
    connection: t.field({ type: Connection, resolve: (account) => account }),
    metrics: t.field({
      authScopes: READ,
      type: AccountMetrics,
      nullable: true,
      description: "The platform's own numbers. Null until the first successful refresh.",
      resolve: nativeReading,
    }),
    audience: t.field({
      authScopes: READ,
      type: Audience,
      description: 'The same few numbers for every platform.',
      resolve: ({ platform, native }) => toAudience(platform, native),
    }),
    posts: t.field({
      authScopes: READ,
      type: PublicationConnection,
      description: 'What was published under this account, newest first unless ordered otherwise.',
      args: publicationArgs,
      resolve: ({ id }, args, context) => readPublicationsOf(id, context, args),
    }),
    videos: t.field({
      authScopes: READ,
      type: VideoConnection,
      description: 'Videos of this account, newest upload first unless ordered otherwise.',
      args: videoArgs,
      resolve: ({ id }, args, context) => readVideosOf(id, context, args),
    }),
    refreshes: t.field({
      authScopes: READ,
      type: RefreshConnection,
      description: 'Refreshes of this account, newest first.',
      args: forwardArgs,
      resolve: ({ id }, args, context) => readRefreshesOf(id, context, args),
    }),
  }),
})

export const AccountConnection = builder.connectionObject({
  type: Account,
  name: 'AccountConnection',
  description: 'A page of accounts.',
})

builder.queryFields((t) => ({
  account: t.field({
    type: Account,
    nullable: true,
    description: 'Takes the global id or the plain one, as every id argument does.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.account.load(toLocalId('Account', id)),
  }),
  accounts: t.field({
    type: AccountConnection,
    description: "The workspace's accounts, in the order in which they were connected.",
    args: {
      ...pageArgs,
      platform: t.arg({ type: Platform }),
      connection: t.arg({ type: ConnectionStatus }),
    },
    resolve: (_root, { platform, connection, ...args }, { loaders }) => {
      const filter: AccountFilter = { platform: platform ?? null, connection: connection ?? null }
      const list = {
        page: (request: PageRequest) => loaders.accounts.page(filter, request),
        count: () => loaders.accounts.count(filter),
      }
      return toConnection(list, args, cursorOrder('accounts', OLDEST_FIRST, 'instant'))
    },
  }),
}))
