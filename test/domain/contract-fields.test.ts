import { expect, test } from 'vitest'
import { CATALOG, metricFields } from '../../src/domain/catalog/catalog.ts'
import type { MetricSubject } from '../../src/domain/metric.ts'
import { PLATFORM_LABELS, PLATFORMS, type Platform } from '../../src/domain/platform.ts'

// The members of the three unions as the published contract spells them.
const CONTRACT = `
type InstagramAccountMetrics {
  followerCount: Count reach: Count views: Count accountsEngaged: Count totalInteractions: Count
  likes: Count comments: Count shares: Count saves: Count replies: Count
  profileViews: Count websiteClicks: Count profileLinksTaps: Count
}
type FacebookAccountMetrics {
  followersCount: Count talkingAboutCount: Count wereHereCount: Count checkins: Count
  pagePostEngagements: Count pageConsumptions: Count pageActionsPostReactionsTotal: Count
  pageVideoViews: Count pageViewsTotal: Count pageTotalActions: Count
}
type XAccountMetrics {
  followersCount: Count followingCount: Count tweetCount: Count listedCount: Count
  likeCount: Count verifiedFollowersCount: Count
}
type LinkedInAccountMetrics {
  followerCount: Count pageViews: Count uniquePageViews: Count statistics: [Statistic!]!
}
type TikTokAccountMetrics {
  followerCount: Count followingCount: Count likesCount: Count videoCount: Count
}
type YouTubeAccountMetrics {
  subscriberCount: Count viewCount: Count videoCount: Count hiddenSubscriberCount: Boolean
}
type InstagramPostMetrics {
  views: Count reach: Count likes: Count comments: Count shares: Count saved: Count
  totalInteractions: Count
}
type FacebookPostMetrics {
  postEngagedUsers: Count postClicks: Count postReactionsByTypeTotal: Count
  reactionsByType: [Statistic!]!
}
type XPostMetrics {
  impressionCount: Count likeCount: Count retweetCount: Count replyCount: Count quoteCount: Count
  bookmarkCount: Count
}
type LinkedInPostMetrics {
  impressionCount: Count uniqueImpressionsCount: Count clickCount: Count likeCount: Count
  commentCount: Count shareCount: Count engagement: Float statistics: [Statistic!]!
}
type TikTokPostMetrics { viewCount: Count likeCount: Count commentCount: Count shareCount: Count }
type YouTubePostMetrics {
  viewCount: Count likeCount: Count commentCount: Count favoriteCount: Count
}
type InstagramVideoMetrics {
  views: Count reach: Count averageWatchTimeMs: Count totalWatchTimeMs: Count
}
type FacebookVideoMetrics {
  videoViews: Count uniqueVideoViews: Count averageWatchTimeMs: Count totalWatchTimeMs: Count
}
type LinkedInVideoMetrics { videoViews: Count viewers: Count watchTimeMs: Count }
type TikTokVideoMetrics {
  viewCount: Count likeCount: Count commentCount: Count shareCount: Count bookmarkCount: Count
}
type XVideoMetrics {
  viewCount: Count playback25Count: Count playback50Count: Count playback75Count: Count
  playback100Count: Count
}
type YouTubeVideoMetrics {
  viewCount: Count likeCount: Count commentCount: Count shares: Count
  estimatedMinutesWatched: Count averageViewDurationSeconds: Float
}`

const TYPES = { count: 'Count', decimal: 'Float', flag: 'Boolean' }
const SUBJECTS = { account: 'Account', post: 'Post', video: 'Video' } as const

const MEMBERS = PLATFORMS.flatMap((platform) =>
  (Object.keys(SUBJECTS) as MetricSubject[]).map((subject) => ({
    platform,
    subject,
    member: `${PLATFORM_LABELS[platform]}${SUBJECTS[subject]}Metrics`,
  })),
)

function contractFields(member: string): [string, string][] {
  const body = new RegExp(`type ${member} {([^}]*)}`).exec(CONTRACT)?.[1] ?? ''
  const fields = body.matchAll(/(\w+): (\[?\w+!?\]?!?)/g)
  return [...fields].map(([, name = '', type = '']) => [name, type])
}

function catalogFields(platform: Platform, subject: MetricSubject): Record<string, string> {
  const statistics = CATALOG[platform].statistics[subject]
  return Object.fromEntries([
    ...metricFields(platform, subject).map(({ field, metrics: [first] }) => [
      field,
      first === undefined ? '' : TYPES[first.kind],
    ]),
    ...(statistics === undefined ? [] : [[statistics.field, '[Statistic!]!']]),
  ])
}

test('the contract lists eighteen union members', () => {
  expect(MEMBERS.filter(({ member }) => contractFields(member).length > 0)).toHaveLength(18)
})

test.each(MEMBERS)('every field of $member comes out of the catalogue', (each) => {
  const fields = catalogFields(each.platform, each.subject)
  expect(fields).toMatchObject(Object.fromEntries(contractFields(each.member)))
})
