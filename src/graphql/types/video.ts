import type { Video as VideoModel } from '../../domain/video.ts'
import { builder } from '../builder.ts'
import { toLocalId } from '../ids.ts'
import { present } from '../present.ts'
import { toUrl } from '../scalars.ts'
import { Account } from './account.ts'
import { ContentType } from './content-type.ts'
import { Measured } from './measured.ts'
import { nativeReading, VideoMetrics } from './native.ts'
import { Metrics } from './normalized.ts'
import { Platform } from './platform.ts'
import { Publication } from './publication.ts'
import { readVideos, videoArgs } from './video-arguments.ts'

export const Video = builder.objectRef<VideoModel>('Video')

builder.node(Video, {
  description: 'The analytics record of a video publication.',
  interfaces: [Measured],
  id: { resolve: ({ id }) => id },
  loadManyWithoutCache: (ids, { loaders }) => Promise.all(ids.map((id) => loaders.video.load(id))),
  fields: (t) => ({
    localId: t.exposeString('id', {
      description: "The analytics record's id, as imports and other systems use it.",
    }),
    videoId: t.exposeString('videoId', {
      description: 'The id that other systems know the video by.',
    }),
    account: t.field({
      type: Account,
      resolve: async ({ publication }, _args, { loaders }) =>
        present(await loaders.account.load(publication.accountId)),
    }),
    publication: t.expose('publication', { type: Publication }),
    platform: t.field({ type: Platform, resolve: ({ publication }) => publication.platform }),
    contentType: t.field({
      type: ContentType,
      resolve: ({ publication }) => publication.contentType,
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'Where it can be watched. Null: unknown, or no http or https address.',
      resolve: ({ publication }) => toUrl(publication.url),
    }),
    description: t.string({
      nullable: true,
      description: 'The words that came with it.',
      resolve: ({ publication }) => publication.text,
    }),
    thumbnailUrl: t.field({
      type: 'URL',
      nullable: true,
      description: "A small picture of it. Many platforms' addresses expire within days.",
      resolve: ({ publication }) => toUrl(publication.thumbnailUrl),
    }),
    uploadDate: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it went live on the platform. Null: unknown.',
      resolve: ({ publication }) => publication.publishedAt,
    }),
    durationSeconds: t.float({
      nullable: true,
      resolve: ({ publication }) => publication.durationSeconds,
    }),
    metrics: t.field({
      type: VideoMetrics,
      nullable: true,
      description: "The platform's own numbers. Null until the first successful refresh.",
      resolve: ({ publication }) => nativeReading(publication),
    }),
    normalized: t.field({ type: Metrics, resolve: ({ publication }) => publication.metrics }),
    engagementRate: t.exposeFloat('engagementRate', {
      nullable: true,
      description:
        '(likes + comments + shares + bookmarks) / views * 100, over the parts that are known;' +
        ' video views where the platform has no views. Null when those are unknown or zero.',
    }),
  }),
})

export const VideoConnection = builder.connectionObject({
  type: Video,
  name: 'VideoConnection',
  description: 'A page of videos.',
})

builder.queryFields((t) => ({
  video: t.field({
    type: Video,
    nullable: true,
    description: 'Takes the plain id of the record or the global one. Null: there is none.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.video.load(toLocalId('Video', id)),
  }),
  videos: t.field({
    type: VideoConnection,
    description: 'Videos of every account, newest upload first unless ordered otherwise.',
    args: videoArgs,
    resolve: (_root, args, context) => readVideos(context, args),
  }),
}))
