import type { ContentType } from '../../domain/content.ts'
import type { StoryKind } from '../account.ts'
import { partOf } from '../growth.ts'
import type { AccountBasis, PlatformWorld, PublicationBasis } from '../platform-world.ts'
import { between } from '../random.ts'

const CONTENT_TYPES: Record<StoryKind, ContentType> = {
  text: 'video',
  image: 'video',
  carousel: 'carousel',
  video: 'video',
  story: 'video',
}

/** TikTok: nearly everything is a video; its ids begin with the second of publication. */
export const tiktokWorld: PlatformWorld = {
  platform: 'tiktok',
  scopes: ['user.info.basic', 'user.info.profile', 'user.info.stats', 'video.list'],
  tokens: {
    accessSeconds: 7200,
    refreshSeconds: 15_552_000,
    refreshScope: null,
    prefixes: { access: 'act.', refresh: 'rft.' },
  },
  spread: 1,
  postIdOf(publishedAt, accountIndex, salt) {
    const seconds = BigInt(Math.floor(publishedAt.getTime() / 1000))
    return `${(seconds << 32n) | BigInt(accountIndex * 0x10000 + (salt & 0xffff))}`
  },
  decodePostId(id) {
    if (!/^\d{1,19}$/.test(id)) return null
    const bits = BigInt(id)
    const publishedAt = new Date(Number(bits >> 32n) * 1000)
    return { publishedAt, accountIndex: Number((bits >> 16n) & 0xffffn) }
  },
  contentTypeOf: (kind) => CONTENT_TYPES[kind],
  urlOf(account, id, contentType) {
    const kind = contentType === 'carousel' ? 'photo' : 'video'
    return `https://www.tiktok.com/@${account.handle}/${kind}/${id}`
  },
  accountNumbers,
  publicationNumbers,
}

function accountNumbers({ followers, posts, chance }: AccountBasis) {
  return {
    follower_count: followers,
    following_count: Math.floor(between(0, 600, chance('following'))),
    likes_count: followers * 90,
    video_count: posts,
  }
}

function publicationNumbers({ publication, views, chance }: PublicationBasis) {
  const part = (label: string, low: number, high: number) =>
    partOf(views, between(low, high, chance(label)))
  return {
    view_count: views,
    like_count: part('likes', 0.03, 0.12),
    comment_count: publication.areCommentsClosed ? 0 : part('comments', 0.0004, 0.004),
    share_count: part('shares', 0.0006, 0.008),
    bookmark_count: part('favorites', 0.002, 0.012),
  }
}
