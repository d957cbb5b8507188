import type { z } from '@hono/zod-openapi'
import { problem } from './errors.ts'
import { type AccountMetrics, answerOf } from './shapes.ts'

const REQUEST_ID = '0197b8f0-0000-7000-8000-000000000001'

const FIELDS: z.infer<typeof AccountMetrics> = {
  social_account_id: 'sa_twitter_1',
  platform: 'twitter',
  follower_count: 12480,
  following_count: 327,
  post_count: 2841,
  platform_specific: { tweet_count: 2841, listed_count: 41 },
  fetched_at: '2026-04-28T18:30:00Z',
}

/** Numbers of an account that was read. */
export const READ_EXAMPLE = answerOf(FIELDS, REQUEST_ID)

/** What stands in their place when the platform refuses. */
export const REFUSED_EXAMPLE = answerOf(
  {
    ...FIELDS,
    ...{ follower_count: 0, following_count: 0, post_count: 0 },
    platform_specific: {
      upstream_status: 429,
      upstream_error: '{"title":"Too Many Requests","detail":"Too Many Requests","status":429}',
    },
  },
  REQUEST_ID,
)

/** One error of each kind that the endpoint has of its own. */
export const PROBLEM_EXAMPLES = {
  bad_request: problem('BAD_REQUEST', 'account_id must not be empty.', REQUEST_ID),
  not_found: problem('NOT_FOUND', 'There is no such account.', REQUEST_ID),
  disconnected: problem('ACCOUNT_DISCONNECTED', 'The account must be connected again.', REQUEST_ID),
  not_supported: problem('NOT_SUPPORTED', 'LinkedIn accounts have no metrics here.', REQUEST_ID),
  upstream: problem('UPSTREAM_ERROR', 'X did not answer.', REQUEST_ID),
}
