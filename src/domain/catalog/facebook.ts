import { CONTENT_TYPES } from '../content.ts'
import { defineCatalog, type MetricLine } from './define.ts'

const PAGE = { source: 'page', requiredScopes: ['pages_read_engagement'] }

const INSIGHTS = { requiredScopes: ['pages_read_engagement', 'read_insights'], lag: 'P1D' }
/** Small Pages have none of these. */
const PAGE_INSIGHTS = { ...INSIGHTS, source: 'page_insights', optionalTogether: true }
const POST_INSIGHTS = { ...INSIGHTS, source: 'post_insights' }
const VIDEO_INSIGHTS = { ...INSIGHTS, source: 'video_insights' }

const ALL_BUT_REELS = CONTENT_TYPES.filter((type) => type !== 'reel')
const REEL: MetricLine['contentTypes'] = ['reel']
const CLASSIC_VIDEO: MetricLine['contentTypes'] = ['video']
const ANY_VIDEO: MetricLine['contentTypes'] = ['video', 'reel']

const WINDOW = 'over the last 28 complete days'

const ACCOUNT: MetricLine[] = [
  {
    ...PAGE,
    name: 'followers_count',
    description: 'Followers of the Page now.',
    aggregation: 'latest',
    normalizedAs: 'followers',
  },
  {
    ...PAGE,
    name: 'talking_about_count',
    description: 'People who are talking about the Page now, by the count of Facebook.',
    aggregation: 'latest',
  },
  {
    ...PAGE,
    name: 'were_here_count',
    description: 'Visits to the place of the Page so far. 0 for a Page without a place.',
    aggregation: 'latest',
  },
  {
    ...PAGE,
    name: 'checkins',
    description: 'Check-ins at the place of the Page so far. 0 for a Page without a place.',
    aggregation: 'latest',
  },
  {
    ...PAGE_INSIGHTS,
    name: 'page_post_engagements',
    description: `Interactions with the posts of the Page ${WINDOW}.`,
  },
  {
    ...PAGE_INSIGHTS,
    name: 'page_consumptions',
    description: 'Clicks anywhere on the content of the Page. Nothing took its place.',
    retiredOn: '2024-03-14',
  },
  {
    ...PAGE_INSIGHTS,
    name: 'page_actions_post_reactions_total',
    description: `Reactions of every kind to the posts of the Page ${WINDOW}.`,
  },
  {
    ...PAGE_INSIGHTS,
    name: 'page_video_views',
    description: `Times a video of the Page was played for at least three seconds ${WINDOW}.`,
  },
  {
    ...PAGE_INSIGHTS,
    name: 'page_views_total',
    description: `Visits to the profile of the Page ${WINDOW}.`,
  },
  {
    ...PAGE_INSIGHTS,
    name: 'page_total_actions',
    description: `Clicks on the contact details and the button of the Page ${WINDOW}.`,
  },
]

const POST: MetricLine[] = [
  {
    ...POST_INSIGHTS,
    name: 'post_engaged_users',
    description: 'Different people who interacted with the post. Nothing took its place.',
    aggregation: 'unique',
    retiredOn: '2024-03-14',
  },
  {
    ...POST_INSIGHTS,
    name: 'post_clicks',
    description: 'Clicks anywhere on the post.',
    normalizedAs: 'clicks',
    contentTypes: ALL_BUT_REELS,
  },
  {
    ...POST_INSIGHTS,
    name: 'post_reactions_by_type_total',
    description: 'Reactions of every kind to the post.',
    normalizedAs: 'likes',
  },
  {
    ...POST_INSIGHTS,
    name: 'post_activity_by_action_type_comment',
    wire: 'post_activity_by_action_type.comment',
    description: 'Comments on the post.',
    normalizedAs: 'comments',
    contentTypes: ALL_BUT_REELS,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'post_video_social_actions_comment',
    wire: 'post_video_social_actions.COMMENT',
    description: 'Comments on the reel.',
    normalizedAs: 'comments',
    contentTypes: REEL,
  },
  {
    ...POST_INSIGHTS,
    name: 'post_activity_by_action_type_share',
    wire: 'post_activity_by_action_type.share',
    description: 'Times the post was shared.',
    normalizedAs: 'shares',
    contentTypes: ALL_BUT_REELS,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'post_video_social_actions_share',
    wire: 'post_video_social_actions.SHARE',
    description: 'Times the reel was shared.',
    normalizedAs: 'shares',
    contentTypes: REEL,
  },
  {
    ...POST_INSIGHTS,
    name: 'post_media_view',
    description: 'Times the post was displayed or played.',
    normalizedAs: 'views',
    contentTypes: ALL_BUT_REELS,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'fb_reels_total_plays',
    description: 'Times the reel was played, replays included.',
    normalizedAs: 'views',
    contentTypes: REEL,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'blue_reels_play_count',
    description: 'Times the reel was played, replays left out.',
    normalizedAs: 'views',
    contentTypes: REEL,
  },
]

// A video is measured by its post, by its video node, or as a reel: each has its own names. Those
// of the video node stand in where there is no post.
const VIDEO: MetricLine[] = [
  {
    ...POST_INSIGHTS,
    name: 'post_video_views',
    field: 'videoViews',
    description: 'Times the video was played for at least three seconds.',
    normalizedAs: 'videoViews',
    contentTypes: CLASSIC_VIDEO,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'total_video_views',
    field: 'videoViews',
    description: 'Times the video was played for at least three seconds, by its video node.',
    normalizedAs: 'videoViews',
    contentTypes: CLASSIC_VIDEO,
    optional: true,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'blue_reels_play_count',
    field: 'videoViews',
    description: 'Times the reel was played, replays left out.',
    normalizedAs: 'videoViews',
    contentTypes: REEL,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'total_video_views_unique',
    field: 'uniqueVideoViews',
    description: 'Different people who played the video for at least three seconds.',
    aggregation: 'unique',
    normalizedAs: 'videoViewers',
    contentTypes: CLASSIC_VIDEO,
    optional: true,
  },
  {
    ...POST_INSIGHTS,
    name: 'post_video_avg_time_watched',
    field: 'averageWatchTimeMs',
    description: 'How long one play of the video lasted on average.',
    unit: 'milliseconds',
    aggregation: 'rate',
    contentTypes: ANY_VIDEO,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'total_video_avg_time_watched',
    field: 'averageWatchTimeMs',
    description: 'How long one play of the video lasted on average, by its video node.',
    unit: 'milliseconds',
    aggregation: 'rate',
    contentTypes: CLASSIC_VIDEO,
    optional: true,
  },
  {
    ...POST_INSIGHTS,
    name: 'post_video_view_time',
    field: 'totalWatchTimeMs',
    description: 'How long the video was played altogether.',
    unit: 'milliseconds',
    normalizedAs: 'videoWatchTimeMs',
    contentTypes: ANY_VIDEO,
  },
  {
    ...VIDEO_INSIGHTS,
    name: 'total_video_view_total_time',
    field: 'totalWatchTimeMs',
    description: 'How long the video was played altogether, by its video node.',
    unit: 'milliseconds',
    normalizedAs: 'videoWatchTimeMs',
    contentTypes: CLASSIC_VIDEO,
    optional: true,
  },
]

/** The metrics of Facebook Pages. */
export const FACEBOOK_CATALOG = defineCatalog(
  'facebook',
  { account: ACCOUNT, post: POST, video: VIDEO },
  {
    statistics: {
      post: {
        field: 'reactionsByType',
        description: 'Reactions to the post by their kind, such as like or love.',
        prefix: 'post_reactions_by_type_',
      },
    },
  },
)
