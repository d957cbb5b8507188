import { metricsOf } from '../../domain/catalog/catalog.ts'
import type { ContentType } from '../../domain/content.ts'
import type { SimulatedAccount, StoryKind } from '../account.ts'
import { ANCHOR } from '../calendar.ts'
import { partOf, steadyCount } from '../growth.ts'
import type { AccountBasis, PlatformWorld, PublicationBasis } from '../platform-world.ts'
import { between } from '../random.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS = 30

const CONTENT_TYPES: Record<StoryKind, ContentType> = {
  text: 'text',
  image: 'image',
  carousel: 'carousel',
  video: 'video',
  story: 'text',
}

/** LinkedIn pages: posts under two kinds of URNs, whose numbers sort by time. */
export const linkedinWorld: PlatformWorld = {
  platform: 'linkedin',
  scopes: ['r_organization_social', 'rw_organization_admin'],
  tokens: {
    accessSeconds: 5_184_000,
    refreshSeconds: 31_536_000,
    refreshScope: null,
    prefixes: { access: 'AQX', refresh: 'AQW', code: 'AQT' },
  },
  spread: 0.04,
  postIdOf(publishedAt, accountIndex, salt) {
    const number =
      (BigInt(publishedAt.getTime()) << 22n) | BigInt((accountIndex << 8) | (salt & 0xff))
    return `urn:li:${salt % 2 === 0 ? 'share' : 'ugcPost'}:${number}`
  },
  decodePostId(id) {
    const [, digits] = /^urn:li:(?:share|ugcPost):(\d{1,19})$/.exec(id) ?? []
    if (digits === undefined) return null
    const bits = BigInt(digits)
    const publishedAt = new Date(Number(bits >> 22n))
    return { publishedAt, accountIndex: Number((bits >> 8n) & 0x3fffn) }
  },
  contentTypeOf: (kind) => CONTENT_TYPES[kind],
  urlOf: (_account, id) => `https://www.linkedin.com/feed/update/${id}`,
  accountNumbers,
  publicationNumbers,
}

/** The followers that a page won in the day that begins at a midnight in UTC. */
export function gainsOn(account: SimulatedAccount, day: Date): Record<'organic' | 'paid', number> {
  const at = (time: number) =>
    steadyCount(account.followers, account.followersPerDay, time - ANCHOR.getTime())
  const gain = at(day.getTime() + DAY_MS) - at(day.getTime())
  const paid = partOf(gain, (day.getUTCDate() % 5) / 50)
  return { organic: gain - paid, paid }
}

function accountNumbers(basis: AccountBasis): Record<string, number> {
  return { ...followerNumbers(basis), ...pageNumbers(basis), ...shareNumbers(basis) }
}

function followerNumbers({ account, followers, now }: AccountBasis) {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const days = Array.from({ length: WINDOW_DAYS }, (_, age) => {
    return gainsOn(account, new Date(today - (age + 1) * DAY_MS))
  })
  return {
    follower_statistics_total_follower_count: followers,
    follower_statistics_organic_follower_gain: days.reduce((sum, day) => sum + day.organic, 0),
    follower_statistics_paid_follower_gain: days.reduce((sum, day) => sum + day.paid, 0),
  }
}

// How much of a page's views go to each of its sections; a company's products interest few.
const SECTIONS = {
  overview: 0.55,
  about: 0.12,
  careers: 0.04,
  jobs: 0.08,
  life_at: 0.03,
  people: 0.1,
  products: 0.05,
  insights: 0.03,
}

function pageNumbers({ followers, sinceAnchorMs, chance }: AccountBasis): Record<string, number> {
  const visits = partOf(followers, between(0.4, 0.9, chance('visits')))
  const seen = steadyCount(visits, Math.ceil(followers / 400), sinceAnchorMs)
  const numbers = new Map<string, number>()
  for (const [section, part] of Object.entries(SECTIONS)) {
    const desktop = partOf(seen, part * between(0.5, 0.8, chance(section)))
    const mobile = partOf(seen, part) - desktop
    numbers.set(viewsOf(section), desktop + mobile)
    numbers.set(viewsOf(`desktop_${section}`), desktop)
    numbers.set(viewsOf(`mobile_${section}`), mobile)
  }
  for (const device of ['', 'desktop_', 'mobile_']) {
    const views = Object.keys(SECTIONS).map((each) => numbers.get(viewsOf(`${device}${each}`)) ?? 0)
    numbers.set(
      viewsOf(`all${device === '' ? '' : `_${device.slice(0, -1)}`}`),
      views.reduce((sum, count) => sum + count, 0),
    )
  }
  const clicks = metricsOf('linkedin', 'account').filter(({ wire }) => wire.startsWith('clicks.'))
  for (const { name } of clicks) numbers.set(name, partOf(seen, between(0.001, 0.02, chance(name))))
  return Object.fromEntries(numbers)
}

function viewsOf(part: string): string {
  return `page_statistics_views_${part}_page_views`
}

function shareNumbers({ account, sinceAnchorMs, chance }: AccountBasis) {
  const yearly = account.views * 12
  const impressions = steadyCount(yearly, Math.ceil(yearly / 365), sinceAnchorMs)
  const mentions = {
    share_statistics_share_mentions_count: partOf(impressions, 0.0001),
    share_statistics_comment_mentions_count: partOf(impressions, 0.00004),
  }
  return { ...statisticsOf(impressions, chance, false), ...mentions }
}

// A post that nobody has seen has no statistics at all.
function publicationNumbers({ publication, views, chance }: PublicationBasis) {
  const shown = views === 0 ? {} : statisticsOf(views, chance, publication.areCommentsClosed)
  const plays = partOf(views, between(0.3, 0.6, chance('plays')))
  if (publication.contentType !== 'video' || plays === 0) return shown
  const watchedMs = (publication.durationSeconds ?? 0) * between(200, 500, chance('watched'))
  return {
    ...shown,
    video_view: plays,
    viewer: partOf(plays, between(0.7, 0.9, chance('viewers'))),
    time_watched: partOf(plays, watchedMs),
  }
}

function statisticsOf(
  impressions: number,
  chance: (label: string) => number,
  areCommentsClosed: boolean,
): Record<string, number> {
  const part = (label: string, low: number, high: number) =>
    partOf(impressions, between(low, high, chance(label)))
  const likes = part('likes', 0.01, 0.04)
  const comments = areCommentsClosed ? 0 : part('comments', 0.0005, 0.003)
  const shares = part('shares', 0.0003, 0.002)
  const clicks = part('clicks', 0.005, 0.03)
  const interactions = likes + comments + shares + clicks
  return {
    share_statistics_impression_count: impressions,
    share_statistics_unique_impressions_count: part('unique', 0.6, 0.8),
    share_statistics_click_count: clicks,
    share_statistics_like_count: likes,
    share_statistics_comment_count: comments,
    share_statistics_share_count: shares,
    share_statistics_engagement: Math.round((interactions / impressions) * 1e6) / 1e6,
  }
}
