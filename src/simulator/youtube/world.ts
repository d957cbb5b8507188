import type { ContentType } from '../../domain/content.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import type { StoryKind } from '../account.ts'
import { grownTo, partOf } from '../growth.ts'
import type { AccountBasis, PlatformWorld, PublicationBasis } from '../platform-world.ts'
import { between } from '../random.ts'
import { decodeVideoId, videoIdOf } from './video-id.ts'

const CONTENT_TYPES: Record<StoryKind, ContentType> = {
  text: 'video',
  image: 'short',
  carousel: 'short',
  video: 'video',
  story: 'short',
}

const GOOGLE = 'https://www.googleapis.com/auth/'

/** The scope that shows channels and videos. */
export const READ_SCOPE = `${GOOGLE}youtube.readonly`
/** The scope that shows reports. */
export const ANALYTICS_SCOPE = `${GOOGLE}yt-analytics.readonly`

const SETTLING_DAYS = 2

/** YouTube: videos and Shorts. What reports count is settled two to three days late. */
export const youtubeWorld: PlatformWorld = {
  platform: 'youtube',
  scopes: [READ_SCOPE, ANALYTICS_SCOPE],
  tokens: {
    accessSeconds: 3599,
    // They end with disuse and not with age.
    refreshSeconds: 315_360_000,
    refreshScope: null,
    prefixes: { access: 'ya29.', refresh: '1//', code: '4/' },
  },
  spread: 0.6,
  postIdOf: videoIdOf,
  decodePostId: decodeVideoId,
  contentTypeOf: (kind) => CONTENT_TYPES[kind],
  urlOf(_account, id, contentType) {
    const path = contentType === 'short' ? `shorts/${id}` : `watch?v=${id}`
    return `https://www.youtube.com/${path}`
  },
  accountNumbers,
  publicationNumbers,
}

/** Until when reports count at a moment: the end of the last Pacific day that is settled. */
export function settledAt(now: Date): Date {
  return pacificMidnight(now, -SETTLING_DAYS)
}

/** The moment at which reports have come to count until a Pacific midnight. */
export function whenSettled(midnight: Date): Date {
  return pacificMidnight(midnight, SETTLING_DAYS)
}

function accountNumbers({ account, followers, posts }: AccountBasis) {
  return {
    subscriber_count: toThreeDigits(followers),
    view_count: followers * 137,
    video_count: posts,
    hidden_subscriber_count: account.withheld.includes('subscriber_count') ? 1 : 0,
  }
}

function publicationNumbers(basis: PublicationBasis): Record<string, number> {
  const { publication, views, chance } = basis
  const part = (label: string, low: number, high: number) =>
    partOf(views, between(low, high, chance(label)))
  return {
    view_count: views,
    ...(publication.account.hidesLikes ? {} : { like_count: part('likes', 0.02, 0.06) }),
    ...(publication.areCommentsClosed ? {} : { comment_count: part('comments', 0.0004, 0.003) }),
    ...reportNumbers(basis),
  }
}

// A video that nobody has watched before the last settled day ended has no report yet.
function reportNumbers({ publication, now, chance }: PublicationBasis): Record<string, number> {
  const ageMs = settledAt(now).getTime() - publication.publishedAt.getTime()
  const seen = grownTo(publication.totalViews, ageMs)
  if (seen === 0) return {}
  const watched = between(0.25, 0.75, chance('watched'))
  const average = Math.floor((publication.durationSeconds ?? 0) * watched)
  return {
    shares: partOf(seen, between(0.0005, 0.005, chance('shares'))),
    estimated_minutes_watched: Math.floor((seen * average) / 60),
    average_view_duration_seconds: average,
  }
}

// The platform rounds down what it shows, for the channel's owner as well.
function toThreeDigits(count: number): number {
  const unit = 10 ** Math.max(0, `${count}`.length - 3)
  return Math.floor(count / unit) * unit
}
