import type { ContentType } from '../../domain/content.ts'
import type { StoryKind } from '../account.ts'
import { partOf, steadyCount } from '../growth.ts'
import type { AccountBasis, PlatformWorld, PublicationBasis } from '../platform-world.ts'
import { between } from '../random.ts'

const EPOCH_MS = 1_288_834_974_657n

const CONTENT_TYPES: Record<StoryKind, ContentType> = {
  text: 'text',
  image: 'image',
  carousel: 'carousel',
  video: 'video',
  story: 'text',
}

/** What X counts as engagement: a number that comes to its posts need not be among them. */
const INTERACTIONS = [
  ...['like_count', 'retweet_count', 'reply_count', 'quote_count', 'bookmark_count'],
  ...['url_link_clicks', 'user_profile_clicks'],
]

/** X: text, photos and videos under snowflake ids, which sort by time. */
export const xWorld: PlatformWorld = {
  platform: 'x',
  scopes: ['tweet.read', 'users.read', 'offline.access'],
  tokens: {
    accessSeconds: 7200,
    refreshSeconds: 15_552_000,
    refreshScope: 'offline.access',
    prefixes: {},
  },
  spread: 0.3,
  postIdOf(publishedAt, accountIndex, salt) {
    const sinceEpoch = BigInt(publishedAt.getTime()) - EPOCH_MS
    return `${(sinceEpoch << 22n) | BigInt((accountIndex << 8) | (salt & 0xff))}`
  },
  decodePostId(id) {
    if (!/^\d{1,19}$/.test(id)) return null
    const bits = BigInt(id)
    const publishedAt = new Date(Number((bits >> 22n) + EPOCH_MS))
    return { publishedAt, accountIndex: Number((bits >> 8n) & 0x3fffn) }
  },
  contentTypeOf: (kind) => CONTENT_TYPES[kind],
  urlOf: (account, id) => `https://x.com/${account.handle}/status/${id}`,
  accountNumbers,
  publicationNumbers,
}

function accountNumbers({ followers, posts, sinceAnchorMs, chance }: AccountBasis) {
  return {
    followers_count: followers,
    following_count: Math.floor(between(40, 900, chance('following'))),
    tweet_count: posts,
    listed_count: partOf(followers, between(0.0004, 0.002, chance('listed'))),
    like_count: steadyCount(Math.floor(between(300, 9000, chance('likes'))), 9, sinceAnchorMs),
    verified_followers_count: partOf(followers, between(0.001, 0.01, chance('verified'))),
    media_count: partOf(posts, 0.8),
  }
}

function publicationNumbers({ publication, views, chance }: PublicationBasis) {
  const part = (label: string, low: number, high: number) =>
    partOf(views, between(low, high, chance(label)))
  const shown = {
    impression_count: views,
    like_count: part('likes', 0.012, 0.05),
    retweet_count: part('reposts', 0.001, 0.008),
    reply_count: publication.areCommentsClosed ? 0 : part('replies', 0.0005, 0.003),
    quote_count: part('quotes', 0.0001, 0.001),
    bookmark_count: part('bookmarks', 0.0008, 0.006),
  }
  const clicks = {
    ...(publication.hasLink ? { url_link_clicks: part('clicks', 0.002, 0.012) } : {}),
    user_profile_clicks: part('profile', 0.001, 0.006),
  }
  const counted = Object.entries({ ...shown, ...clicks }).filter(([name]) =>
    INTERACTIONS.includes(name),
  )
  const engagements = counted.reduce((sum, [, value]) => sum + value, 0)
  return { ...shown, ...clicks, engagements, ...videoNumbers({ publication, views, chance }) }
}

function videoNumbers({
  publication,
  views,
  chance,
}: Omit<PublicationBasis, 'now'>): Record<string, number> {
  if (publication.contentType !== 'video') return {}
  const plays = partOf(views, between(0.4, 0.7, chance('plays')))
  const lasting = between(0.7, 0.9, chance('lasting'))
  return {
    view_count: plays,
    playback_0_count: partOf(plays, 0.92),
    playback_25_count: partOf(plays, 0.92 * lasting),
    playback_50_count: partOf(plays, 0.92 * lasting ** 2),
    playback_75_count: partOf(plays, 0.92 * lasting ** 3),
    playback_100_count: partOf(plays, 0.92 * lasting ** 4),
  }
}
