import type { JsonValue } from '../../src/domain/json.ts'
import { accountOn, type Reply, type Request } from './support.ts'

/** The page that the tests are about. */
export const PAGE = accountOn('linkedin', { platformAccountId: '123456', handle: 'acme' })

/** Its URN, and how that stands in a URL. */
export const PAGE_URN = 'urn:li:organization:123456'
export const PAGE_ENCODED = 'urn%3Ali%3Aorganization%3A123456'

/** A post's numbers as LinkedIn nests them. */
export const TOTALS = {
  impressionCount: 1203,
  uniqueImpressionsCount: 890,
  clickCount: 27,
  likeCount: 34,
  commentCount: 5,
  shareCount: 2,
  engagement: 0.056525,
}

/** The same under the names that they are stored by. */
export const NATIVE = {
  share_statistics_impression_count: 1203,
  share_statistics_unique_impressions_count: 890,
  share_statistics_click_count: 27,
  share_statistics_like_count: 34,
  share_statistics_comment_count: 5,
  share_statistics_share_count: 2,
  share_statistics_engagement: 0.056525,
}

/** What the page's statistics are, by the last part of their path. */
export const PAGE_ANSWERS: Record<string, JsonValue> = {
  networkSizes: { firstDegreeSize: 219_145 },
  organizations: { id: 123_456, vanityName: 'acme', localizedName: 'Acme Ltd' },
  organizationPageStatistics: {
    paging: { start: 0, count: 10, links: [] },
    elements: [
      {
        organization: PAGE_URN,
        totalPageStatistics: {
          views: {
            allPageViews: { pageViews: 22 },
            allDesktopPageViews: { pageViews: 20 },
            mobileLifeAtPageViews: { pageViews: 0 },
            moonPageViews: { pageViews: 3, uniquePageViews: 2 },
          },
          clicks: {
            desktopCustomButtonClickCounts: [
              { customButtonType: 'VISIT_WEBSITE', clicks: 4 },
              { customButtonType: 'LEARN_MORE', clicks: 3 },
            ],
            mobileCustomButtonClickCounts: [],
            careersPageClicks: { careersPageJobsClicks: 6 },
          },
        },
        pageStatisticsBySeniority: [
          { pageStatistics: { views: { allPageViews: { pageViews: 9 } } } },
        ],
      },
    ],
  },
  organizationalEntityFollowerStatistics: {
    paging: { start: 0, count: 10, links: [] },
    elements: [
      { followerGains: { organicFollowerGain: 6, paidFollowerGain: 0 } },
      { followerGains: { organicFollowerGain: -9, paidFollowerGain: 2 } },
    ],
  },
  organizationalEntityShareStatistics: {
    paging: { start: 0, count: 10, links: [] },
    elements: [
      {
        organizationalEntity: PAGE_URN,
        totalShareStatistics: { ...TOTALS, shareMentionsCount: 3 },
      },
    ],
  },
}

/** The last part of a request's path that names a resource. */
export function resourceOf({ url }: Request): string {
  return url.pathname.split('/')[2] ?? ''
}

/** The parameters of a request as they were sent. */
export function sent({ url }: Request): string {
  return decodeURI(url.search.slice(1))
}

/** The URNs of a list parameter, read as strictly as LinkedIn reads it. */
export function listed({ url }: Request, name: string): string[] {
  const [, inner] = url.search.match(new RegExp(`[?&]${name}=List\\(([^()&]*)\\)`)) ?? []
  return inner === undefined ? [] : inner.split(',').map(decodeURIComponent)
}

/** A page of elements. */
export function elements(list: readonly object[], hasNext = false): Reply {
  const links = hasNext ? [{ rel: 'next', type: 'application/json', href: '/rest/…' }] : []
  return { json: { paging: { start: 0, count: 100, links }, elements: list } }
}

/** An error in LinkedIn's envelope. */
export function refused(status: number, code: string, message: string, number = 0): Reply {
  return { status, json: { status, serviceErrorCode: number, code, message } }
}

/** The statistics of one post, under the parameter's name for it. */
export function statisticsOf(urn: string, totals: object = TOTALS) {
  const kind = urn.split(':')[2] ?? ''
  return { organizationalEntity: PAGE_URN, [kind]: urn, totalShareStatistics: totals }
}

/** A post as the Posts API shows it. */
export function postObject(id: string, more: object = {}) {
  return {
    id,
    author: PAGE_URN,
    commentary: 'New release \\(v2\\)',
    visibility: 'PUBLIC',
    lifecycleState: 'PUBLISHED',
    createdAt: 1_794_297_600_000,
    publishedAt: 1_794_297_601_000,
    ...more,
  }
}
