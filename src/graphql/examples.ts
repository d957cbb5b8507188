import { metricFields } from '../domain/catalog/catalog.ts'
import type { MetricSubject } from '../domain/metric.ts'
import { PLATFORMS } from '../domain/platform.ts'
import { memberName } from './types/native.ts'

const FIELDS_SHOWN = 6
const HISTORY_DAYS = 30
const COMPARED_DAYS = 14
// Histories of 30 days reach back to before that.
const GROWTH_DAYS = 28
const DECAY_DAYS = 7
const DAY_MS = 24 * 3_600_000

const ACCOUNTS = `# Every account: how it is connected, what it grants,
# and its audience.
query Accounts {
  accounts(first: 25) {
    totalCount
    nodes {
      platform
      handle
      displayName
      connection { status scopes missingScopes tokenExpiresAt }
      freshness { status lastUpdatedAt isStale warnings errorMessage }
      audience { followers following posts }
    }
  }
}
`

const POST_TOTALS = `# Posts with their sums over platforms, and out of how
# many rows each sum was made.
query PostTotals {
  posts(first: 10) {
    nodes {
      text
      publications { platform url }
      totals {
        publications
        values { impressions views likes comments shares engagement }
        coverage { impressions views likes comments shares engagement }
      }
    }
  }
}
`

const BEST_TIMES = `# When publishing pays: by weekday (1 is Monday) and hour,
# on the clock of the time zone.
query BestTimes {
  overview(groupBy: [WEEKDAY, HOUR_OF_DAY], timeZone: "Europe/Berlin") {
    groups {
      weekday
      hour
      engagementRate
      totals {
        publications
        values { impressions views engagement }
        coverage { impressions views engagement }
      }
    }
  }
}
`

const METRICS = `# Every metric there is: what it means, its unit, and
# what it takes to see it.
query Metrics {
  metricCatalog {
    platform
    subject
    name
    description
    unit
    aggregation
    normalizedAs
    requiredScopes
    lag
    retiredOn
  }
}
`

const FOLLOW = `# Every step of every refresh, while it happens: QUEUED,
# RUNNING, and how it ended. Another tab ends it: to see
# what RefreshAccount does, run that in a second window.
# The schedule is seen as well.
subscription FollowRefreshes {
  refreshUpdated {
    status
    account { platform handle freshness { status lastUpdatedAt } }
    requestedAt
    startedAt
    finishedAt
    updated
    failed
    upstreamCalls
    errorMessage
  }
}
`

/**
 * What GraphiQL opens with. The last one refreshes `accountId`, and the one before follows it. Windows
 * end today, as it is `now`.
 */
export function examplesFor(accountId: string | null, now: Date): string[] {
  const refreshed = refresh(accountId ?? 'the id of an account')
  const insight = [history(now), byPlatform(now), BEST_TIMES, growth(now)]
  return [dashboard(), ACCOUNTS, topVideos(), POST_TOTALS, ...insight, METRICS, FOLLOW, refreshed]
}

function history(now: Date): string {
  const from = dayBefore(now, HISTORY_DAYS - 1).toISOString()
  return `# ${HISTORY_DAYS} days, a point for each: audiences, and what was
# seen most.
query History {
  accounts(first: 25) {
    nodes {
      platform
      handle
      history(from: "${from}", interval: DAY) {
        at
        audience { followers posts }
      }
    }
  }
  publications(first: 3, orderBy: { field: VIEWS, direction: DESC }) {
    nodes {
      platform
      text
      publishedAt
      history(from: "${from}", interval: DAY) {
        at
        normalized { views likes comments shares }
      }
    }
  }
}
`
}

// The midnight, in UTC, that began the day so many days before an instant.
function dayBefore(now: Date, days: number): Date {
  return new Date((Math.floor(now.getTime() / DAY_MS) - days) * DAY_MS)
}

function byPlatform(now: Date): string {
  const from = dayBefore(now, COMPARED_DAYS - 1).toISOString()
  const to = new Date(dayBefore(now, -1).getTime() - 1).toISOString()
  return `# ${COMPARED_DAYS} days by platform, and the change from the days before.
# A change is a fraction: 0.5 is half as much again.
query PlatformOverview {
  overview(
    filter: { publishedFrom: "${from}", publishedTo: "${to}" }
    groupBy: [PLATFORM]
  ) {
    engagementRate
    totals {
      publications
      values { impressions views likes comments shares engagement }
      coverage { impressions views likes comments shares engagement }
    }
    change { impressions views likes comments shares engagement }
    groups {
      platform
      engagementRate
      totals {
        publications
        values { impressions views engagement }
        coverage { impressions views engagement }
      }
    }
    previous { totals { publications values { impressions views engagement } } }
  }
}
`
}

function growth(now: Date): string {
  const from = dayBefore(now, GROWTH_DAYS).toISOString()
  const until = dayBefore(now, DECAY_DAYS).toISOString()
  return `# What each audience gained in four weeks, by which
# readings; and how early the views came of what is a week
# old: a share of 0.5 is half of those that it has now.
query Growth {
  accounts(first: 25, connection: CONNECTED) {
    nodes {
      platform
      handle
      audienceChange(from: "${from}") {
        gained
        percent
        perDay
        from { at audience { followers } }
        to { at audience { followers } }
      }
    }
  }
  publications(
    first: 5
    filter: { publishedTo: "${until}" }
    orderBy: { field: VIEWS, direction: DESC }
  ) {
    nodes {
      platform
      text
      publishedAt
      normalized { views }
      decay { hours share views at }
    }
  }
}
`
}

// The id stands in the query, because a tab opens with its variables out of sight.
function refresh(accountId: string): string {
  return `# Asks for fresh numbers of one account. Answers at once;
# run Accounts again to see them.
mutation RefreshAccount {
  refreshAccount(accountId: ${JSON.stringify(accountId)}) {
    __typename
    ... on RefreshQueued { refresh { id status requestedAt } }
    ... on AlreadyFresh { account { handle freshness { lastUpdatedAt staleAfter } } }
    ... on Error { code message }
  }
}
`
}

function dashboard(): string {
  return `# The newest publications of every account: one shape for
# every platform, and each platform's own numbers.
query Dashboard {
  publications(first: 25, orderBy: { field: PUBLISHED_AT, direction: DESC }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      platform
      text
      url
      publishedAt
      account { handle displayName }
      normalized { impressions views likes comments shares engagement }
      engagementRate
      metrics {
        __typename
${fragments('post', 8)}
      }
      entries { name value availability }
      freshness { status lastUpdatedAt isStale warnings }
    }
  }
}
`
}

function topVideos(): string {
  return `# The videos that were seen most.
query TopVideos {
  videos(first: 10, orderBy: { field: VIEWS, direction: DESC }) {
    nodes {
      platform
      description
      url
      uploadDate
      durationSeconds
      engagementRate
      normalized { views videoViews videoWatchTimeMs likes comments shares }
      metrics {
        __typename
${fragments('video', 8)}
      }
    }
  }
}
`
}

// The first few of each platform's own numbers.
function fragments(subject: MetricSubject, indent: number): string {
  return PLATFORMS.map((platform) => {
    const fields = metricFields(platform, subject).slice(0, FIELDS_SHOWN)
    const names = fields.map(({ field }) => field).join(' ')
    return `${' '.repeat(indent)}... on ${memberName(platform, subject)} { ${names} }`
  }).join('\n')
}
