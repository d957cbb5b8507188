import type { ContentType } from '../../domain/content.ts'
import { pacificMidnight } from '../../domain/pacific.ts'
import type { StoryKind } from '../account.ts'
import { partOf } from '../growth.ts'
import type { AccountBasis, PlatformWorld, PublicationBasis } from '../platform-world.ts'
import { between } from '../random.ts'
import { dayNumbers, totalOf } from './days.ts'
import { decodeNumber, numberIn, numberOf } from './ids.ts'

const CONTENT_TYPES: Record<Exclude<StoryKind, 'video'>, ContentType> = {
  text: 'text',
  image: 'image',
  carousel: 'carousel',
  story: 'image',
}

/** Videos up to this long are reels, the others are posts that show a video. */
const REEL_SECONDS_MAX = 90

const WINDOW_DAYS = 28

/** Kinds of reactions, and how many people out of all who see a post leave one. */
const REACTIONS = {
  like: [0.01, 0.05],
  love: [0.001, 0.01],
  haha: [0.0001, 0.003],
  wow: [0.0001, 0.002],
  sorry: [0, 0.0004],
  anger: [0, 0.0003],
} as const

/** Facebook: posts of Pages under `{page}_{number}`, reels under a bare number. */
export const facebookWorld: PlatformWorld = {
  platform: 'facebook',
  scopes: ['pages_show_list', 'pages_read_engagement', 'read_insights'],
  tokens: {
    // A Page's token has no end.
    accessSeconds: 100 * 365 * 86_400,
    refreshSeconds: null,
    refreshScope: null,
    prefixes: { access: 'EAAP', user: 'EAAU', code: 'AQ' },
  },
  spread: 0.6,
  postIdOf: numberOf,
  decodePostId: decodeNumber,
  shownIdOf: ({ platformAccountId }, id, contentType) =>
    contentType === 'reel' ? id : `${platformAccountId}_${id}`,
  contentTypeOf(kind, durationSeconds) {
    if (kind !== 'video') return CONTENT_TYPES[kind]
    return durationSeconds <= REEL_SECONDS_MAX ? 'reel' : 'video'
  },
  urlOf({ handle }, id, contentType) {
    const number = numberIn(id)
    if (contentType === 'reel') return `https://www.facebook.com/reel/${number}/`
    const edge = contentType === 'video' ? 'videos' : 'posts'
    return `https://www.facebook.com/${handle}/${edge}/${number}/`
  },
  accountNumbers,
  publicationNumbers,
}

// The insights of a Page belong to a window: here the 28 complete days before today.
function accountNumbers({ account, followers, now }: AccountBasis) {
  const until = pacificMidnight(now)
  const span = { since: pacificMidnight(now, -WINDOW_DAYS), until }
  const { page_actions_post_reactions_total: reactions, ...counts } = dayNumbers(account, span)
  return {
    followers_count: followers,
    talking_about_count: partOf(followers, 0.007),
    were_here_count: 0,
    checkins: 0,
    ...counts,
    page_actions_post_reactions_total: totalOf(reactions),
  }
}

function publicationNumbers(basis: PublicationBasis): Record<string, number> {
  const { publication, views, chance } = basis
  const part = (label: string, low: number, high: number) =>
    partOf(views, between(low, high, chance(label)))
  const reactions = Object.entries(REACTIONS)
    .map(([kind, [low, high]]) => [kind, part(kind, low, high)] as const)
    // Kinds that did not occur are left out.
    .filter(([, count]) => count > 0)
  const numbers = {
    post_reactions_by_type_total: reactions.reduce((sum, [, count]) => sum + count, 0),
    ...Object.fromEntries(
      reactions.map(([kind, count]) => [`post_reactions_by_type_${kind}`, count]),
    ),
  }
  const comments = publication.areCommentsClosed ? 0 : part('comments', 0.0003, 0.003)
  const shares = part('shares', 0.0005, 0.005)
  if (publication.contentType === 'reel') {
    return {
      ...numbers,
      ...watched(basis, partOf(views, 0.9)),
      fb_reels_total_plays: views,
      blue_reels_play_count: partOf(views, 0.9),
      post_video_social_actions_comment: comments,
      post_video_social_actions_share: shares,
    }
  }
  const played = part('played', 0.3, 0.7)
  const video = { post_video_views: played, ...byVideo(played, watched(basis, played)) }
  return {
    ...numbers,
    post_clicks: part('clicks', 0.005, 0.04),
    post_activity_by_action_type_comment: comments,
    post_activity_by_action_type_share: shares,
    post_media_view: views,
    ...(publication.contentType === 'video' ? video : {}),
  }
}

// A video's own node has other names for what its post counts, and the viewers.
function byVideo(played: number, times: ReturnType<typeof watched>) {
  return {
    ...times,
    total_video_views: played,
    total_video_views_unique: partOf(played, 0.8),
    total_video_avg_time_watched: times.post_video_avg_time_watched,
    total_video_view_total_time: times.post_video_view_time,
  }
}

function watched({ publication, chance }: PublicationBasis, plays: number) {
  const durationMs = (publication.durationSeconds ?? 0) * 1000
  const average = Math.floor(durationMs * between(0.1, 0.5, chance('watched')))
  return { post_video_avg_time_watched: average, post_video_view_time: average * plays }
}
