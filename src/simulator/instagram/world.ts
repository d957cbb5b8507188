import type { ContentType } from '../../domain/content.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import type { StoryKind } from '../account.ts'
import { partOf } from '../growth.ts'
import type { AccountBasis, PlatformWorld, PublicationBasis } from '../platform-world.ts'
import { between } from '../random.ts'
import { decodeMediaId, mediaIdOf } from './media-id.ts'
import { windowNumbers } from './window.ts'

const CONTENT_TYPES: Record<StoryKind, ContentType> = {
  text: 'image',
  image: 'image',
  carousel: 'carousel',
  video: 'reel',
  story: 'story',
}

const WINDOW_MS = 30 * 86_400_000

/** Instagram: reels, images and carousels of professional accounts under 17-digit ids. */
export const instagramWorld: PlatformWorld = {
  platform: 'instagram',
  scopes: ['instagram_business_basic', 'instagram_business_manage_insights'],
  tokens: {
    accessSeconds: 5_183_944,
    refreshSeconds: null,
    refreshScope: null,
    prefixes: { access: 'IGAA' },
    otherLogin: { scopes: ['instagram_basic', 'instagram_manage_insights'], prefix: 'EAA' },
  },
  spread: 0.85,
  postIdOf: (publishedAt, accountIndex, salt) => mediaIdOf(publishedAt, accountIndex, salt, 0),
  decodePostId: decodeMediaId,
  contentTypeOf: (kind) => CONTENT_TYPES[kind],
  urlOf(_account, id, contentType) {
    const shortcode = BigInt(id).toString(36)
    return `https://www.instagram.com/${contentType === 'reel' ? 'reel' : 'p'}/${shortcode}/`
  },
  accountNumbers,
  publicationNumbers,
}

// The insights of an account belong to a window: here the 30 complete days before today.
function accountNumbers({ account, followers, posts, now, chance }: AccountBasis) {
  const until = pacificMidnight(now)
  const since = new Date(until.getTime() - WINDOW_MS)
  return {
    follower_count: followers,
    follows_count: Math.floor(between(20, 700, chance('following'))),
    media_count: posts,
    ...windowNumbers(account, since, until),
  }
}

function publicationNumbers({ publication, views, chance }: PublicationBasis) {
  const part = (label: string, low: number, high: number) =>
    partOf(views, between(low, high, chance(label)))
  const reach = part('reach', 0.5, 0.8)
  const audience = { views, reach }
  if (publication.kind === 'story') return { ...audience, ...storyNumbers(reach, chance) }
  const interactions = {
    likes: part('likes', 0.02, 0.08),
    comments: publication.areCommentsClosed ? 0 : part('comments', 0.0003, 0.003),
    shares: part('shares', 0.0005, 0.006),
    saved: part('saves', 0.001, 0.01),
  }
  const numbers = {
    ...audience,
    ...interactions,
    total_interactions: Object.values(interactions).reduce((sum, one) => sum + one, 0),
    reposts: part('reposts', 0.0001, 0.001),
  }
  if (publication.contentType === 'reel') {
    return { ...numbers, ...reelNumbers({ publication, views, chance }) }
  }
  return {
    ...numbers,
    follows: part('follows', 0.0001, 0.001),
    profile_visits: part('visits', 0.001, 0.008),
    profile_activity: part('activity', 0.0002, 0.002),
  }
}

function reelNumbers({ publication, views, chance }: Omit<PublicationBasis, 'now'>) {
  const durationMs = (publication.durationSeconds ?? 0) * 1000
  const average = Math.floor(durationMs * between(0.15, 0.6, chance('watched')))
  return {
    ig_reels_avg_watch_time: average,
    ig_reels_video_view_total_time: average * views,
    reels_skip_rate: Math.floor(between(15, 70, chance('skipped'))),
  }
}

function storyNumbers(reach: number, chance: (label: string) => number) {
  const shares = partOf(reach, between(0.001, 0.01, chance('shares')))
  const replies = partOf(reach, between(0.001, 0.01, chance('replies')))
  return {
    shares,
    replies,
    total_interactions: shares + replies,
    reposts: partOf(reach, 0.001),
    follows: partOf(reach, 0.001),
    profile_visits: partOf(reach, 0.006),
    navigation: partOf(reach, 1.4),
    link_clicks: partOf(reach, between(0.001, 0.02, chance('clicks'))),
  }
}
