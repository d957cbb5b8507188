import {
  averageViewsOf,
  engagementRateOf,
  type VideoSummary as VideoSummaryModel,
  weeklyUploadsOf,
} from '../../domain/video-summary.ts'
import { builder, READ } from '../builder.ts'
import { Account } from './account.ts'

export const VideoSummary = builder.objectRef<VideoSummaryModel>('VideoSummary').implement({
  description:
    "An account's tracked videos together. Sums are over those that report; null: none does.",
  fields: (t) => ({
    totalVideosTracked: t.exposeInt('videos'),
    totalViews: t.expose('views', {
      type: 'Count',
      nullable: true,
      description: 'Views; video views where the platform has no views.',
    }),
    totalLikes: t.expose('likes', { type: 'Count', nullable: true }),
    totalComments: t.expose('comments', { type: 'Count', nullable: true }),
    totalShares: t.expose('shares', { type: 'Count', nullable: true }),
    totalBookmarks: t.expose('bookmarks', { type: 'Count', nullable: true }),
    averageEngagementRate: t.float({
      nullable: true,
      description:
        '(likes + comments + shares + bookmarks) / views * 100, of these totals, over the parts' +
        ' that are known. Null when the views are unknown or zero.',
      resolve: engagementRateOf,
    }),
    averageVideoViews: t.float({
      nullable: true,
      description: 'Views per video that reports them.',
      resolve: averageViewsOf,
    }),
    weeklyPostAverage: t.float({
      nullable: true,
      description:
        'Videos a week between the first upload and the last, a week at least. Null when no upload' +
        ' date is known.',
      resolve: weeklyUploadsOf,
    }),
    lastUpdatedAt: t.expose('lastUpdatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When one of them was last read. Null: none ever was.',
    }),
  }),
})

builder.objectField(Account, 'videoSummary', (t) =>
  t.field({
    authScopes: READ,
    type: VideoSummary,
    nullable: true,
    description:
      "Totals and averages over the account's tracked videos. Null when none is tracked.",
    resolve: ({ id }, _args, { loaders }) => loaders.videoSummary.load(id),
  }),
)
