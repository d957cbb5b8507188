import type { Scope } from '../../src/auth/scopes.ts'

/** What somebody has to have for a field or a route. */
export type Need = Scope | 'nothing'

/**
 * Who may see what, for every object type of the schema. `*` stands for all of the type's fields,
 * whatever is added to it; types with fields that need a scope name every field. `nothing` means:
 * whoever may see the object.
 */
export const FIELD_NEEDS: Record<string, Partial<Record<Need, string>>> = {
  Query: {
    'analytics:read':
      'metricCatalog post posts video videos publication publications refresh account accounts ' +
      'node nodes overview workspace changes',
  },
  Mutation: {
    'workspace:manage': 'connectAccount disconnectAccount recordPost',
    'analytics:refresh': 'refreshAccount refreshPost',
  },
  Subscription: { 'analytics:read': 'refreshUpdated' },
  Account: {
    nothing:
      'id freshness localId platform platformAccountId handle displayName avatarUrl connection ' +
      'refreshAvailability',
    'analytics:read':
      'entries rawMetrics metrics audience posts videos refreshes videoSummary history audienceChange',
  },
  Post: { nothing: 'id localId text createdAt', 'analytics:read': 'publications totals' },
  Publication: {
    nothing:
      'id freshness localId post account platform platformPostId url text contentType thumbnailUrl ' +
      'createdAt publishedAt metrics normalized engagementRate video',
    'analytics:read': 'entries rawMetrics history decay',
  },
  Video: {
    nothing:
      'id freshness localId videoId account publication platform contentType url description ' +
      'thumbnailUrl uploadDate durationSeconds metrics normalized engagementRate',
    'analytics:read': 'entries rawMetrics history decay',
  },
  Refresh: {
    nothing:
      'id status account requestedAt startedAt finishedAt updated failed upstreamCalls errorMessage',
  },
  Connection: { nothing: 'status scopes missingScopes tokenExpiresAt connectedAt' },
  Freshness: { nothing: 'status warnings errorMessage lastUpdatedAt staleAfter isStale' },
  RefreshQuota: { nothing: 'limit used resetsAt' },
  RefreshAvailability: { nothing: 'canRefresh nextRefreshAt hoursRemaining monthlyQuota' },
  NotFoundError: { nothing: 'code message' },
  InvalidInputError: { nothing: 'code message field' },
  NotConnectedError: { nothing: 'code message connection' },
  CooldownError: { nothing: 'code message nextRefreshAt hoursRemaining' },
  QuotaExceededError: { nothing: 'code message monthlyQuota' },
  ConnectAccountSucceeded: { nothing: 'account' },
  DisconnectAccountSucceeded: { nothing: 'account' },
  RecordPostSucceeded: { nothing: 'post' },
  RefreshQueued: { nothing: 'refresh' },
  AlreadyFresh: { nothing: 'account' },
  RefreshPostQueued: { nothing: 'refreshes post' },
}

/**
 * Types that only fields with `analytics:read` lead to, so that their own fields need nothing more.
 * A test follows every other way to see that none leads here.
 */
export const READ_ONLY_TYPES = [
  ...['Publication', 'Video', 'MetricDefinition', 'MetricEntry', 'Statistic'],
  ...['FacebookAccountMetrics', 'InstagramAccountMetrics', 'LinkedInAccountMetrics'],
  ...['TikTokAccountMetrics', 'XAccountMetrics', 'YouTubeAccountMetrics'],
  ...['FacebookPostMetrics', 'InstagramPostMetrics', 'LinkedInPostMetrics'],
  ...['TikTokPostMetrics', 'XPostMetrics', 'YouTubePostMetrics'],
  ...['FacebookVideoMetrics', 'InstagramVideoMetrics', 'LinkedInVideoMetrics'],
  ...['TikTokVideoMetrics', 'XVideoMetrics', 'YouTubeVideoMetrics'],
  ...['Metrics', 'MetricCoverage', 'MetricTotals', 'MetricChange', 'MetricPoint'],
  ...['Audience', 'AudiencePoint', 'AudienceChange', 'DecayPoint', 'VideoSummary'],
  ...['Overview', 'OverviewGroup', 'UpstreamBudget', 'Workspace', 'PageInfo'],
  ...['Change', 'ChangeEdge', 'ChangeConnection', 'PostEdge', 'PostConnection'],
  ...['VideoEdge', 'VideoConnection', 'PublicationEdge', 'PublicationConnection'],
  ...['RefreshEdge', 'RefreshConnection', 'AccountEdge', 'AccountConnection'],
]

/** What each REST route takes: its scope, and whether a dashboard's token does. */
export const ROUTE_NEEDS: Record<string, { scope: Scope; takesTokens: boolean }> = {
  'get /v1/analytics/accounts': { scope: 'analytics:read', takesTokens: true },
  'get /v1/analytics/posts': { scope: 'analytics:read', takesTokens: true },
  'get /v1/accounts/{account_id}/metrics': { scope: 'analytics:read', takesTokens: true },
  'get /social/post/{post_id}/analytics': { scope: 'analytics:read', takesTokens: false },
  'get /api/ext/accounts/{id}/analytics': { scope: 'analytics:read', takesTokens: false },
  'post /api/ext/accounts/{id}/analytics/refresh': {
    ...{ scope: 'analytics:refresh', takesTokens: false },
  },
  'get /api/ext/accounts/{id}/analytics/can-refresh': {
    ...{ scope: 'analytics:read', takesTokens: false },
  },
  'get /api/ext/accounts/{id}/analytics/videos': { scope: 'analytics:read', takesTokens: false },
  'get /api/ext/videos/{id}/analytics': { scope: 'analytics:read', takesTokens: false },
  'get /export/publications': { scope: 'analytics:read', takesTokens: true },
  'get /export/history': { scope: 'analytics:read', takesTokens: true },
}

/** Whom the server answers beside the REST routes: anybody, who is known, or who shows a secret. */
export const SERVER_PATHS: Record<string, 'open' | 'known' | 'secret'> = {
  '/graphql': 'known',
  '/metrics': 'secret',
  '/healthz': 'open',
  '/readyz': 'open',
  '/openapi.json': 'open',
  '/docs': 'open',
}
