import { CONTENT_TYPES } from '../content.ts'
import { defineCatalog, type MetricLine } from './define.ts'

const PROFILE = { source: 'profile', requiredScopes: ['instagram_business_basic'] }

const INSIGHTS = {
  source: 'insights',
  requiredScopes: ['instagram_business_basic', 'instagram_business_manage_insights'],
  lag: 'P2D',
}

const REEL_INSIGHTS = { ...INSIGHTS, source: 'reel_insights' }

const ALL_BUT_STORIES = CONTENT_TYPES.filter((type) => type !== 'story')

const WINDOW = 'over the last 30 complete days'

const UNDOCUMENTED = 'Instagram still answers it, but no longer documents it.'

const ACCOUNT: MetricLine[] = [
  {
    ...PROFILE,
    name: 'follower_count',
    wire: 'followers_count',
    description: 'Followers of the account now. The insight of this name counts something else.',
    aggregation: 'latest',
    normalizedAs: 'followers',
  },
  {
    ...INSIGHTS,
    name: 'reach',
    description: `Different accounts that saw any content ${WINDOW}.`,
    aggregation: 'unique',
  },
  {
    ...INSIGHTS,
    name: 'views',
    description: `Times any content was played or displayed ${WINDOW}.`,
  },
  {
    ...INSIGHTS,
    name: 'accounts_engaged',
    description: `Different accounts that interacted with any content ${WINDOW}.`,
    aggregation: 'unique',
  },
  {
    ...INSIGHTS,
    name: 'total_interactions',
    description: `Interactions with posts, reels, stories and live videos ${WINDOW}.`,
  },
  { ...INSIGHTS, name: 'likes', description: `Likes on any content ${WINDOW}.` },
  { ...INSIGHTS, name: 'comments', description: `Comments on any content ${WINDOW}.` },
  { ...INSIGHTS, name: 'shares', description: `Times any content was shared ${WINDOW}.` },
  { ...INSIGHTS, name: 'saves', description: `Times any content was saved ${WINDOW}.` },
  { ...INSIGHTS, name: 'replies', description: `Replies to stories ${WINDOW}.` },
  {
    ...INSIGHTS,
    source: 'insights_undocumented',
    optional: true,
    name: 'profile_views',
    description: `Visits to the profile ${WINDOW}. ${UNDOCUMENTED}`,
  },
  {
    ...INSIGHTS,
    source: 'insights_undocumented',
    optional: true,
    name: 'website_clicks',
    description: `Taps on the website link of the profile ${WINDOW}. ${UNDOCUMENTED}`,
  },
  {
    ...INSIGHTS,
    name: 'profile_links_taps',
    description: `Taps on the contact buttons of the profile ${WINDOW}.`,
  },
  {
    ...PROFILE,
    name: 'follows_count',
    description: 'Accounts that this account follows now.',
    aggregation: 'latest',
    normalizedAs: 'following',
  },
  {
    ...PROFILE,
    name: 'media_count',
    description: 'Posts and reels on the account now.',
    aggregation: 'latest',
    normalizedAs: 'posts',
  },
]

const POST: MetricLine[] = [
  {
    ...INSIGHTS,
    name: 'views',
    description: 'Times it was played or displayed.',
    normalizedAs: 'views',
  },
  {
    ...INSIGHTS,
    name: 'reach',
    description: 'Different accounts that saw it.',
    aggregation: 'unique',
  },
  {
    ...INSIGHTS,
    name: 'likes',
    description: 'Likes on the post. Unknown where the owner hides them.',
    normalizedAs: 'likes',
    contentTypes: ALL_BUT_STORIES,
  },
  {
    ...INSIGHTS,
    name: 'comments',
    description: 'Comments on the post.',
    normalizedAs: 'comments',
    contentTypes: ALL_BUT_STORIES,
  },
  { ...INSIGHTS, name: 'shares', description: 'Times it was shared.', normalizedAs: 'shares' },
  {
    ...INSIGHTS,
    name: 'saved',
    description: 'Times the post was saved.',
    normalizedAs: 'saves',
    contentTypes: ALL_BUT_STORIES,
  },
  {
    ...INSIGHTS,
    name: 'total_interactions',
    description: 'Likes, comments, shares, saves and replies, less those that were taken back.',
    normalizedAs: 'engagement',
  },
  {
    ...INSIGHTS,
    name: 'replies',
    description: 'Replies to the story. Always 0 for viewers in Europe and Japan.',
    contentTypes: ['story'],
  },
  {
    ...INSIGHTS,
    name: 'impressions',
    field: null,
    description: 'Times the post was displayed. `views` took its place.',
    retiredOn: '2025-04-21',
  },
]

const VIDEO: MetricLine[] = [
  {
    ...INSIGHTS,
    name: 'views',
    description: 'Times it was played or displayed.',
    normalizedAs: 'videoViews',
  },
  {
    ...INSIGHTS,
    name: 'reach',
    description: 'Different accounts that saw it.',
    aggregation: 'unique',
  },
  {
    ...REEL_INSIGHTS,
    name: 'ig_reels_avg_watch_time',
    field: 'averageWatchTimeMs',
    description: 'How long one play of the reel lasted on average.',
    unit: 'milliseconds',
    aggregation: 'rate',
    contentTypes: ['reel'],
  },
  {
    ...REEL_INSIGHTS,
    name: 'ig_reels_video_view_total_time',
    field: 'totalWatchTimeMs',
    description: 'How long the reel was played altogether, replays included.',
    unit: 'milliseconds',
    normalizedAs: 'videoWatchTimeMs',
    contentTypes: ['reel'],
  },
  {
    ...REEL_INSIGHTS,
    name: 'plays',
    field: null,
    description: 'Times the reel was started. `views` took its place.',
    retiredOn: '2025-04-21',
    contentTypes: ['reel'],
  },
]

/** The metrics of Instagram professional accounts. Scopes are those of the Instagram login. */
export const INSTAGRAM_CATALOG = defineCatalog(
  'instagram',
  { account: ACCOUNT, post: POST, video: VIDEO },
  {
    equivalentScopes: {
      instagram_business_basic: ['instagram_basic'],
      instagram_business_manage_insights: ['instagram_manage_insights'],
    },
  },
)
