import { camelCase, defineCatalog, type MetricLine, type StatisticsField } from './define.ts'

const ADMIN = { requiredScopes: ['rw_organization_admin'], lag: 'P2D' }
const PAGE_STATISTICS = {
  ...ADMIN,
  source: 'organizationPageStatistics',
  field: null,
  // LinkedIn leaves out the sections that a page does not have.
  optional: true,
}
// Of a page without activity, LinkedIn's statistics have no element at all.
const OF_ACTIVE_PAGES = { optionalTogether: true }
const SHARE_STATISTICS = { ...ADMIN, source: 'organizationalEntityShareStatistics' }
const FOLLOWER_STATISTICS = {
  ...ADMIN,
  source: 'organizationalEntityFollowerStatistics',
  // More followers may leave than come, and a count is never negative.
  kind: 'decimal' as const,
}
const VIDEO_ANALYTICS = {
  source: 'videoAnalytics',
  requiredScopes: ['r_organization_social'],
  lag: 'P2D',
  // LinkedIn answers nothing for a video that nobody played, or that is older than six months.
  optional: true,
}

const SECTIONS: [section: string, label: string][] = [
  ['overview', 'Overview'],
  ['about', 'About'],
  ['careers', 'Careers'],
  ['jobs', 'Jobs'],
  ['life_at', 'Life'],
  ['people', 'People'],
  ['products', 'Products'],
  ['insights', 'Insights'],
]

const CAREERS_CLICKS: [part: string, label: string][] = [
  ['employees', 'employees'],
  ['promo_links', 'promoted links'],
  ['jobs', 'jobs'],
]

const PAGE_SHARES: [part: string, description: string][] = [
  ['impression_count', 'Times posts of the page were shown in the last 12 months.'],
  ['unique_impressions_count', 'Different members who saw posts in the last 12 months.'],
  ['click_count', 'Clicks on posts of the page in the last 12 months.'],
  ['like_count', 'Reactions of every kind to posts of the page in the last 12 months.'],
  ['comment_count', 'Comments on posts of the page in the last 12 months.'],
  ['share_count', 'Times posts of the page were shared in the last 12 months.'],
  ['share_mentions_count', 'Times shares mentioned the page in the last 12 months.'],
  ['comment_mentions_count', 'Times comments mentioned the page in the last 12 months.'],
]

const ENGAGEMENT: MetricLine = {
  ...SHARE_STATISTICS,
  name: 'share_statistics_engagement',
  wire: 'engagement',
  field: 'engagement',
  description: 'Clicks, reactions, comments and shares per impression, as a fraction.',
  kind: 'decimal',
  unit: 'ratio',
  aggregation: 'rate',
}

// Every number of the page's statistics is a total since the page exists.
function pageViews(part: string, description: string): MetricLine {
  const name = `page_statistics_views_${part}_page_views`
  const wire = `views.${camelCase(`${part}_page_views`)}.pageViews`
  return { ...PAGE_STATISTICS, name, wire, description, aggregation: 'latest' }
}

function sectionViews([section, label]: [string, string]): MetricLine[] {
  return [
    pageViews(section, `Views of the section ${label} so far.`),
    pageViews(`desktop_${section}`, `Views of the section ${label} on computers so far.`),
    pageViews(`mobile_${section}`, `Views of the section ${label} on phones so far.`),
  ]
}

function careersClicks(device: '' | 'mobile_', part: string, label: string): MetricLine {
  const group = `${device}careers_page_clicks`
  const leaf = `careers_page_${part}_clicks`
  const where = device === '' ? '' : ' on phones'
  return {
    ...PAGE_STATISTICS,
    name: `page_statistics_clicks_${group}_${leaf}`,
    wire: `clicks.${camelCase(group)}.${camelCase(leaf)}`,
    description: `Clicks on ${label} in the section Careers${where} so far.`,
    aggregation: 'latest',
  }
}

function buttonClicks(device: 'desktop' | 'mobile', where: string): MetricLine {
  return {
    ...PAGE_STATISTICS,
    name: `page_statistics_clicks_${device}_custom_button_click_counts`,
    wire: `clicks.${device}CustomButtonClickCounts`,
    description: `Clicks on the buttons of the page on ${where} so far.`,
    aggregation: 'latest',
  }
}

function shareStatistic(part: string, description: string): MetricLine {
  return {
    ...SHARE_STATISTICS,
    name: `share_statistics_${part}`,
    wire: camelCase(part),
    field: camelCase(part),
    description,
    aggregation: part.startsWith('unique') ? 'unique' : 'sum',
    optional: part.startsWith('unique') || part.includes('mentions'),
  }
}

const ACCOUNT: MetricLine[] = [
  {
    name: 'follower_statistics_total_follower_count',
    wire: 'firstDegreeSize',
    source: 'networkSizes',
    field: 'followerCount',
    description: 'Followers of the page now.',
    aggregation: 'latest',
    normalizedAs: 'followers',
    requiredScopes: ['rw_organization_admin'],
  },
  {
    ...FOLLOWER_STATISTICS,
    ...OF_ACTIVE_PAGES,
    name: 'follower_statistics_organic_follower_gain',
    wire: 'followerGains.organicFollowerGain',
    field: null,
    description:
      'Followers won without advertising over the last 30 complete days, less those lost.',
  },
  {
    ...FOLLOWER_STATISTICS,
    ...OF_ACTIVE_PAGES,
    name: 'follower_statistics_paid_follower_gain',
    wire: 'followerGains.paidFollowerGain',
    field: null,
    description: 'Followers won by advertising over the last 30 complete days, less those lost.',
  },
  {
    ...pageViews('all', 'Views of the page so far.'),
    ...OF_ACTIVE_PAGES,
    field: 'pageViews',
    optional: false,
  },
  {
    ...PAGE_STATISTICS,
    name: 'page_statistics_views_all_page_views_unique',
    wire: 'views.allPageViews.uniquePageViews',
    field: 'uniquePageViews',
    // LinkedIn tells it for single days, which have members in common and cannot be added.
    description: 'Different members who viewed the page, where LinkedIn reports them as a total.',
    aggregation: 'unique',
  },
  pageViews('all_desktop', 'Views of the page on computers so far.'),
  pageViews('all_mobile', 'Views of the page on phones so far.'),
  ...SECTIONS.flatMap(sectionViews),
  buttonClicks('desktop', 'computers'),
  buttonClicks('mobile', 'phones'),
  careersClicks('', 'banner_promo', 'the promoted banner'),
  ...CAREERS_CLICKS.map(([part, label]) => careersClicks('', part, label)),
  ...CAREERS_CLICKS.map(([part, label]) => careersClicks('mobile_', part, label)),
  // Organic only, and over a rolling year: these totals can fall.
  ...PAGE_SHARES.map(([part, description]) => ({
    ...shareStatistic(part, description),
    ...OF_ACTIVE_PAGES,
    field: null,
  })),
  { ...ENGAGEMENT, ...OF_ACTIVE_PAGES, field: null },
]

const POST: MetricLine[] = [
  {
    ...shareStatistic('impression_count', 'Times the post was shown, without advertising.'),
    normalizedAs: 'impressions',
  },
  shareStatistic('unique_impressions_count', 'Different members who saw the post.'),
  { ...shareStatistic('click_count', 'Clicks on the post.'), normalizedAs: 'clicks' },
  { ...shareStatistic('like_count', 'Reactions of every kind.'), normalizedAs: 'likes' },
  { ...shareStatistic('comment_count', 'Comments on the post.'), normalizedAs: 'comments' },
  { ...shareStatistic('share_count', 'Times the post was shared.'), normalizedAs: 'shares' },
  ENGAGEMENT,
]

const VIDEO: MetricLine[] = [
  {
    ...VIDEO_ANALYTICS,
    name: 'video_view',
    wire: 'VIDEO_VIEW',
    field: 'videoViews',
    description: 'Times the video was played for at least three seconds.',
    normalizedAs: 'videoViews',
  },
  {
    ...VIDEO_ANALYTICS,
    name: 'viewer',
    wire: 'VIEWER',
    field: 'viewers',
    description: 'Different members who played the video. Kept for six months.',
    aggregation: 'unique',
    normalizedAs: 'videoViewers',
  },
  {
    ...VIDEO_ANALYTICS,
    name: 'time_watched',
    wire: 'TIME_WATCHED',
    field: 'watchTimeMs',
    description: 'How long the video was played altogether.',
    unit: 'milliseconds',
    normalizedAs: 'videoWatchTimeMs',
  },
]

const STATISTICS: StatisticsField = {
  field: 'statistics',
  description: 'Every number that LinkedIn answered, under the keys derived from its answer.',
  prefix: '',
}

/** The metrics of LinkedIn organization pages, under keys flattened from its statistics. */
export const LINKEDIN_CATALOG = defineCatalog(
  'linkedin',
  { account: ACCOUNT, post: POST, video: VIDEO },
  {
    statistics: { account: STATISTICS, post: STATISTICS },
    equivalentScopes: { rw_organization_admin: ['r_organization_admin'] },
    accountIdPrefix: 'urn:li:organization:',
  },
)
