import { defineCatalog, type MetricLine } from './define.ts'

const GOOGLE = 'https://www.googleapis.com/auth/'
const READ = `${GOOGLE}youtube.readonly`
const ANALYTICS = `${GOOGLE}yt-analytics.readonly`

const CHANNEL = { source: 'channels', requiredScopes: [READ], aggregation: 'latest' as const }
const STATISTICS = { source: 'videos', requiredScopes: [READ] }
const REPORTS = { source: 'reports', requiredScopes: [READ, ANALYTICS], lag: 'P3D' }

const ACCOUNT: MetricLine[] = [
  {
    ...CHANNEL,
    name: 'subscriber_count',
    wire: 'subscriberCount',
    optional: true,
    description: 'Subscribers now, rounded down to three digits. Unknown where they are hidden.',
    normalizedAs: 'followers',
  },
  {
    ...CHANNEL,
    name: 'view_count',
    wire: 'viewCount',
    description: 'Views of all videos of the channel so far.',
  },
  {
    ...CHANNEL,
    name: 'video_count',
    wire: 'videoCount',
    description: 'Public videos of the channel now.',
    normalizedAs: 'posts',
  },
  {
    ...CHANNEL,
    name: 'hidden_subscriber_count',
    wire: 'hiddenSubscriberCount',
    description: 'Whether the channel hides how many subscribers it has: 1 if it does.',
    kind: 'flag',
  },
]

const LIKES: MetricLine = {
  ...STATISTICS,
  name: 'like_count',
  wire: 'likeCount',
  optional: true,
  description: 'Likes on the video. Unknown where the owner hides them.',
  normalizedAs: 'likes',
}

const COMMENTS: MetricLine = {
  ...STATISTICS,
  name: 'comment_count',
  wire: 'commentCount',
  optional: true,
  description: 'Comments on the video. Unknown where comments are switched off.',
  normalizedAs: 'comments',
}

const POST: MetricLine[] = [
  {
    ...STATISTICS,
    name: 'view_count',
    wire: 'viewCount',
    description: 'Times playback of the video started.',
    normalizedAs: 'views',
  },
  LIKES,
  COMMENTS,
  {
    ...STATISTICS,
    name: 'favorite_count',
    wire: 'favoriteCount',
    description: 'Times the video was marked as a favourite. YouTube answers 0 ever since.',
    retiredOn: '2015-08-28',
  },
]

const VIDEO: MetricLine[] = [
  {
    ...STATISTICS,
    name: 'view_count',
    wire: 'viewCount',
    description: 'Times playback of the video started.',
    normalizedAs: 'videoViews',
  },
  LIKES,
  COMMENTS,
  {
    ...REPORTS,
    name: 'shares',
    description: 'Times the video was shared.',
    normalizedAs: 'shares',
  },
  {
    ...REPORTS,
    name: 'estimated_minutes_watched',
    wire: 'estimatedMinutesWatched',
    description: 'How long the video was watched altogether, in whole minutes.',
    unit: 'minutes',
    normalizedAs: 'videoWatchTimeMs',
  },
  {
    ...REPORTS,
    name: 'average_view_duration_seconds',
    wire: 'averageViewDuration',
    description: 'How long one view of the video lasted on average.',
    kind: 'decimal',
    unit: 'seconds',
    aggregation: 'rate',
  },
]

/** The metrics of YouTube: current counters of the Data API, reports of the Analytics API. */
export const YOUTUBE_CATALOG = defineCatalog(
  'youtube',
  { account: ACCOUNT, post: POST, video: VIDEO },
  {
    equivalentScopes: {
      [READ]: [`${GOOGLE}youtube`, `${GOOGLE}youtube.force-ssl`],
      // It shows revenue beside everything that the other one shows.
      [ANALYTICS]: [`${GOOGLE}yt-analytics-monetary.readonly`],
    },
  },
)
