/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** One of the six networks. */
export type Platform =
  /** Facebook */
  | 'FACEBOOK'
  /** Instagram */
  | 'INSTAGRAM'
  /** LinkedIn */
  | 'LINKEDIN'
  /** TikTok */
  | 'TIKTOK'
  /** X */
  | 'X'
  /** YouTube */
  | 'YOUTUBE';

/** Whether a metric has a value, and if not, why. */
export type MetricAvailability =
  /** The platform reported a value. Zero is a real zero. */
  | 'REPORTED'
  /** The platform has it, and left it out this time. */
  | 'NOT_REPORTED'
  /** The platform never reports it for this kind of content. */
  | 'NOT_SUPPORTED'
  /** The account did not grant what it takes. */
  | 'MISSING_SCOPE'
  /** Never fetched, or inside the platform's own delay. */
  | 'NOT_YET_AVAILABLE'
  /** The platform has withdrawn it. */
  | 'RETIRED'
  /** The last fetch failed. */
  | 'FETCH_FAILED';

/** How the last refresh of a row ended. */
export type SyncStatus =
  /** Everything that the platform has came back. */
  | 'SYNCED'
  /** Something is missing; `warnings` says what. */
  | 'PARTIAL'
  /** Not read yet. */
  | 'PENDING'
  /** The platform did not answer as it should; the numbers are those of before. */
  | 'FAILED'
  /** The account must be connected again; the numbers are those of before. */
  | 'REQUIRES_RECONNECT';

export type DashboardQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type DashboardQuery = { publications: { nodes: Array<{ id: string, localId: string, platform: Platform, platformPostId: string, text: string | null, url: string | null, account: { localId: string, handle: string | null }, metrics:
        | { __typename: 'FacebookPostMetrics' }
        | { __typename: 'InstagramPostMetrics', views: number | null, reach: number | null, saved: number | null }
        | { __typename: 'LinkedInPostMetrics' }
        | { __typename: 'TikTokPostMetrics', viewCount: number | null, likeCount: number | null }
        | { __typename: 'XPostMetrics', impressionCount: number | null, likeCount: number | null, retweetCount: number | null }
        | { __typename: 'YouTubePostMetrics' }
       | null, normalized: { likes: number | null, comments: number | null, views: number | null, impressions: number | null, engagement: number | null }, entries: Array<{ name: string, value: number | null, availability: MetricAvailability }>, freshness: { status: SyncStatus, isStale: boolean, lastUpdatedAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };


export const DashboardDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Dashboard"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"publications"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"localId"}},{"kind":"Field","name":{"kind":"Name","value":"platform"}},{"kind":"Field","name":{"kind":"Name","value":"platformPostId"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"localId"}},{"kind":"Field","name":{"kind":"Name","value":"handle"}}]}},{"kind":"Field","name":{"kind":"Name","value":"metrics"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"XPostMetrics"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"impressionCount"}},{"kind":"Field","name":{"kind":"Name","value":"likeCount"}},{"kind":"Field","name":{"kind":"Name","value":"retweetCount"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TikTokPostMetrics"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewCount"}},{"kind":"Field","name":{"kind":"Name","value":"likeCount"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InstagramPostMetrics"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"views"}},{"kind":"Field","name":{"kind":"Name","value":"reach"}},{"kind":"Field","name":{"kind":"Name","value":"saved"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"normalized"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"likes"}},{"kind":"Field","name":{"kind":"Name","value":"comments"}},{"kind":"Field","name":{"kind":"Name","value":"views"}},{"kind":"Field","name":{"kind":"Name","value":"impressions"}},{"kind":"Field","name":{"kind":"Name","value":"engagement"}}]}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"availability"}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isStale"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<DashboardQuery, DashboardQueryVariables>;