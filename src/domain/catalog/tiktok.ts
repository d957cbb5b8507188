import { defineCatalog, type MetricLine } from './define.ts'

const STATS = ['user.info.stats']
const VIDEOS = ['video.list']

const ACCOUNT: MetricLine[] = [
  {
    name: 'follower_count',
    source: 'user/info',
    description: 'Accounts that follow this account now.',
    aggregation: 'latest',
    normalizedAs: 'followers',
    requiredScopes: STATS,
  },
  {
    name: 'following_count',
    source: 'user/info',
    description: 'Accounts that this account follows now.',
    aggregation: 'latest',
    normalizedAs: 'following',
    requiredScopes: STATS,
  },
  {
    name: 'likes_count',
    source: 'user/info',
    description: 'Likes received so far, over all videos.',
    aggregation: 'latest',
    requiredScopes: STATS,
  },
  {
    name: 'video_count',
    source: 'user/info',
    description: 'Public videos of the account now. A listing may hold fewer.',
    aggregation: 'latest',
    normalizedAs: 'posts',
    requiredScopes: STATS,
  },
]

const INTERACTIONS: MetricLine[] = [
  {
    name: 'like_count',
    source: 'video',
    description: 'Likes received.',
    normalizedAs: 'likes',
    requiredScopes: VIDEOS,
  },
  {
    name: 'comment_count',
    source: 'video',
    description: 'Comments received.',
    normalizedAs: 'comments',
    requiredScopes: VIDEOS,
  },
  {
    name: 'share_count',
    source: 'video',
    description: 'Times it was shared.',
    normalizedAs: 'shares',
    requiredScopes: VIDEOS,
  },
]

const POST: MetricLine[] = [
  {
    name: 'view_count',
    source: 'video',
    description: 'Views of the post.',
    normalizedAs: 'views',
    requiredScopes: VIDEOS,
  },
  ...INTERACTIONS,
]

const VIDEO: MetricLine[] = [
  {
    name: 'view_count',
    source: 'video',
    description: 'Views of the video.',
    normalizedAs: 'videoViews',
    requiredScopes: VIDEOS,
  },
  ...INTERACTIONS,
  {
    name: 'bookmark_count',
    wire: 'favorites',
    source: 'business',
    description: 'Times the video was added to favourites. Only the Business API reports it.',
    normalizedAs: 'bookmarks',
    requiredScopes: VIDEOS,
    lag: 'P2D',
    // Accounts are read through the Display API, which has it for no kind of content.
    contentTypes: [],
  },
]

/** The metrics of TikTok, read through the Display API v2. */
export const TIKTOK_CATALOG = defineCatalog('tiktok', {
  account: ACCOUNT,
  post: POST,
  video: VIDEO,
})
