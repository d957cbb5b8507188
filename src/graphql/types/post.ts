import type { PageRequest } from '../../domain/page.ts'
import type { Platform as PlatformModel } from '../../domain/platform.ts'
import type { Post as PostModel } from '../../domain/post.ts'
import type { Publication as PublicationModel } from '../../domain/publication.ts'
import { totalsOf } from '../../domain/totals.ts'
import { builder, READ } from '../builder.ts'
import type { Context } from '../context.ts'
import { toLocalId } from '../ids.ts'
import { cursorOrder, pageArgs, toConnection } from '../pages.ts'
import { MetricTotals } from './normalized.ts'
import { Platform } from './platform.ts'
import { Publication } from './publication.ts'
import { PublicationFilter, toPublicationFilter } from './publication-arguments.ts'

const NEWEST_FIRST = { field: 'createdAt', direction: 'desc' } as const

const publishedArgs = builder.args((t) => ({
  platform: t.field({ type: Platform, description: 'Only publications on this platform.' }),
  accountId: t.id({ description: 'Only publications under this account.' }),
}))

export const Post = builder.objectRef<PostModel>('Post')

builder.node(Post, {
  description: 'One piece of content, wherever it was published.',
  id: { resolve: ({ id }) => id },
  loadManyWithoutCache: (ids, { loaders }) => Promise.all(ids.map((id) => loaders.post.load(id))),
  fields: (t) => ({
    localId: t.exposeString('id', {
      description: 'The plain id, as imports and other systems use it.',
    }),
    text: t.exposeString('text', {
      nullable: true,
      description: 'Its words, before any platform changed them. Null: nobody said.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was recorded.' }),
    publications: t.field({
      authScopes: READ,
      type: [Publication],
      description: 'Where it was published, the one recorded first at the start.',
      args: publishedArgs,
      resolve: publicationsOf,
    }),
    totals: t.field({
      authScopes: READ,
      type: MetricTotals,
      description: 'Sums over the publications; null where no publication reports the metric.',
      args: publishedArgs,
      resolve: async (post, args, context) =>
        totalsOf((await publicationsOf(post, args, context)).map(({ metrics }) => metrics)),
    }),
  }),
})

export const PostConnection = builder.connectionObject({
  type: Post,
  name: 'PostConnection',
  description: 'A page of posts.',
})

builder.queryFields((t) => ({
  post: t.field({
    type: Post,
    nullable: true,
    description: 'Takes the plain id or the global one. Null: there is none.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.post.load(toLocalId('Post', id)),
  }),
  posts: t.field({
    type: PostConnection,
    description: 'Posts with a publication that matches the filter, newest first.',
    args: { ...pageArgs, filter: t.arg({ type: PublicationFilter }) },
    resolve: (_root, args, { loaders }) => {
      const filter = toPublicationFilter(args.filter)
      const list = {
        page: (request: PageRequest) => loaders.posts.page(filter, request),
        count: () => loaders.posts.count(filter),
      }
      return toConnection(list, args, cursorOrder('posts', NEWEST_FIRST, 'instant'))
    },
  }),
}))

interface PublishedArguments {
  platform?: PlatformModel | null | undefined
  accountId?: string | null | undefined
}

async function publicationsOf(
  post: PostModel,
  { platform, accountId }: PublishedArguments,
  { loaders }: Context,
): Promise<PublicationModel[]> {
  const account = typeof accountId === 'string' ? toLocalId('Account', accountId) : null
  const all = await loaders.publicationsOfPost.load(post.id)
  return all
    .filter((each) => each.platform === (platform ?? each.platform))
    .filter((each) => each.accountId === (account ?? each.accountId))
}
