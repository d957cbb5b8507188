import type { Publication as PublicationModel } from '../../domain/publication.ts'
import type { MetricTotals as MetricTotalsModel } from '../../domain/totals.ts'
import type { Loaders } from '../../loaders/loaders.ts'
import { builder } from '../builder.ts'
import { toLocalId } from '../ids.ts'
import { present } from '../present.ts'
import { toUrl } from '../scalars.ts'
import { Account } from './account.ts'
import { ContentType } from './content-type.ts'
import { Measured } from './measured.ts'
import { nativeReading, PostMetrics } from './native.ts'
import { Metrics, MetricTotals } from './normalized.ts'
import { Platform } from './platform.ts'
import { Post } from './post.ts'
import { publicationArgs, readPublications } from './publication-arguments.ts'
import { Video } from './video.ts'

export const Publication = builder.objectRef<PublicationModel>('Publication')

builder.node(Publication, {
  description: 'A post as it stands on one platform, under one account: one row of analytics.',
  interfaces: [Measured],
  id: { resolve: ({ id }) => id },
  loadManyWithoutCache: (ids, { loaders }) =>
    Promise.all(ids.map((id) => loaders.publication.load(id))),
  fields: (t) => ({
    localId: t.exposeString('id', {
      description: 'The plain id, as imports and other systems use it.',
    }),
    post: t.field({
      type: Post,
      nullable: true,
      description: 'The post it belongs to. Null: it was discovered on the platform.',
      resolve: ({ postId }, _args, { loaders }) =>
        postId === null ? null : loaders.post.load(postId),
    }),
    account: t.field({
      type: Account,
      resolve: async ({ accountId }, _args, { loaders }) =>
        present(await loaders.account.load(accountId)),
    }),
    platform: t.expose('platform', { type: Platform }),
    platformPostId: t.exposeString('platformPostId', {
      description: "The platform's own id of it.",
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'Where it can be seen. Null: unknown, or no http or https address.',
      resolve: ({ url }) => toUrl(url),
    }),
    text: t.exposeString('text', { nullable: true, description: 'Its words on the platform.' }),
    contentType: t.expose('contentType', { type: ContentType }),
    thumbnailUrl: t.field({
      type: 'URL',
      nullable: true,
      description: "A small picture of it. Many platforms' addresses expire within days.",
      resolve: ({ thumbnailUrl }) => toUrl(thumbnailUrl),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When this gateway recorded it.',
    }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it went live on the platform. Null: unknown.',
    }),
  }),
})

builder.objectFields(Publication, (t) => ({
  metrics: t.field({
    type: PostMetrics,
    nullable: true,
    description: "The platform's own numbers. Null until the first successful refresh.",
    resolve: nativeReading,
  }),
  normalized: t.expose('metrics', { type: Metrics }),
  engagementRate: t.exposeFloat('engagementRate', {
    nullable: true,
    description:
      'Interactions over views (or impressions), in percent. Null when the divisor is unknown' +
      ' or zero.',
  }),
  video: t.field({
    type: Video,
    nullable: true,
    description: 'Its video record. Null: it is no video.',
    resolve: ({ id }, _args, { loaders }) => loaders.videoOfPublication.load(id),
  }),
}))

export const PublicationConnection = builder.connectionObject<
  typeof Publication,
  { totals(): Promise<MetricTotalsModel> }
>({
  type: Publication,
  name: 'PublicationConnection',
  description: 'A page of publications.',
  fields: (t) => ({
    totals: t.field({
      type: MetricTotals,
      description: 'Sums over the whole list, whatever the page. Computed only when asked.',
      resolve: (connection) => connection.totals(),
    }),
  }),
})

builder.queryFields((t) => ({
  publication: t.field({
    type: Publication,
    nullable: true,
    description:
      "Takes the plain id, the global id, or the platform's own post id. Of several publications" +
      ' with the same post id it is the one recorded first.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) =>
      publicationNamed(loaders, toLocalId('Publication', id)),
  }),
  publications: t.field({
    type: PublicationConnection,
    description: 'Publications of every account, newest first unless ordered otherwise.',
    args: publicationArgs,
    resolve: (_root, args, context) => readPublications(context, args),
  }),
}))

async function publicationNamed(loaders: Loaders, id: string): Promise<PublicationModel | null> {
  const named = await loaders.publication.load(id)
  return named ?? (await loaders.publicationsOnPlatform.load(id))[0] ?? null
}
