import { defineCatalog, type MetricLine } from './define.ts'

// Private numbers, which X shows only to the author and only while the post is young.
const PRIVATE_DAYS = 30
const PRIVATE = `Shown to the author for ${PRIVATE_DAYS} days.`

const READ = ['tweet.read', 'users.read']

const ACCOUNT: MetricLine[] = [
  {
    name: 'followers_count',
    source: 'user.public_metrics',
    description: 'Accounts that follow this account now.',
    aggregation: 'latest',
    normalizedAs: 'followers',
    requiredScopes: READ,
  },
  {
    name: 'following_count',
    source: 'user.public_metrics',
    description: 'Accounts that this account follows now.',
    aggregation: 'latest',
    normalizedAs: 'following',
    requiredScopes: READ,
  },
  {
    name: 'tweet_count',
    source: 'user.public_metrics',
    description: 'Posts published so far; reposts and replies are among them.',
    aggregation: 'latest',
    normalizedAs: 'posts',
    requiredScopes: READ,
  },
  {
    name: 'listed_count',
    source: 'user.public_metrics',
    description: 'Public lists on which the account stands.',
    aggregation: 'latest',
    requiredScopes: READ,
  },
  {
    name: 'like_count',
    source: 'user.public_metrics',
    description: 'Likes that the account has given to posts.',
    aggregation: 'latest',
    optional: true,
    requiredScopes: READ,
  },
  {
    name: 'verified_followers_count',
    source: 'user',
    description: 'Followers that X has verified.',
    aggregation: 'latest',
    optional: true,
    requiredScopes: READ,
  },
  {
    name: 'media_count',
    source: 'user.public_metrics',
    description: 'Pictures and videos published so far.',
    aggregation: 'latest',
    optional: true,
    requiredScopes: READ,
  },
]

const POST: MetricLine[] = [
  {
    name: 'impression_count',
    source: 'public_metrics',
    description: 'Times the post was shown to someone.',
    normalizedAs: 'impressions',
    requiredScopes: READ,
  },
  {
    name: 'like_count',
    source: 'public_metrics',
    description: 'Likes on the post.',
    normalizedAs: 'likes',
    requiredScopes: READ,
  },
  {
    name: 'retweet_count',
    source: 'public_metrics',
    description: 'Reposts of the post. Quotes are counted apart.',
    normalizedAs: 'shares',
    requiredScopes: READ,
  },
  {
    name: 'reply_count',
    source: 'public_metrics',
    description: 'Replies to the post.',
    normalizedAs: 'comments',
    requiredScopes: READ,
  },
  {
    name: 'quote_count',
    source: 'public_metrics',
    description: 'Posts that quote the post.',
    normalizedAs: 'quotes',
    requiredScopes: READ,
  },
  {
    name: 'bookmark_count',
    source: 'public_metrics',
    description: 'Times the post was bookmarked.',
    normalizedAs: 'bookmarks',
    requiredScopes: READ,
  },
  {
    name: 'url_link_clicks',
    source: 'non_public_metrics',
    description: `Clicks on links in the post, where it has any. ${PRIVATE}`,
    visibleDays: PRIVATE_DAYS,
    normalizedAs: 'clicks',
    requiredScopes: READ,
    optional: true,
  },
  {
    name: 'user_profile_clicks',
    source: 'non_public_metrics',
    description: `Clicks from the post to the profile of its author. ${PRIVATE}`,
    visibleDays: PRIVATE_DAYS,
    requiredScopes: READ,
  },
  {
    name: 'engagements',
    source: 'non_public_metrics',
    description: `Interactions with the post, as X itself counts them. ${PRIVATE}`,
    visibleDays: PRIVATE_DAYS,
    requiredScopes: READ,
  },
]

const VIDEO: MetricLine[] = [
  {
    name: 'view_count',
    source: 'media.public_metrics',
    description: 'Plays of the video, in every post that shows it.',
    normalizedAs: 'videoViews',
    requiredScopes: READ,
  },
  ...([0, 25, 50, 75, 100] as const).map((percent) => ({
    name: `playback_${percent}_count`,
    source: 'media.non_public_metrics',
    description: `Users who reached ${percent} % of the video. ${PRIVATE}`,
    visibleDays: PRIVATE_DAYS,
    aggregation: 'unique' as const,
    requiredScopes: READ,
  })),
]

/** The metrics of X, read through API v2 with the author's own token. */
export const X_CATALOG = defineCatalog('x', { account: ACCOUNT, post: POST, video: VIDEO })
