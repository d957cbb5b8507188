import { z } from '@hono/zod-openapi'
import type { AccountReading, Failure } from '../../domain/connector.ts'
import { toAudience } from '../../domain/normalize.ts'
import type { Platform } from '../../domain/platform.ts'
import { instantText } from '../facade.ts'
import { type Shown, specificOf } from './platforms.ts'

const UPSTREAM_ERROR_BYTES_MAX = 2048

const PlatformSpecific = z
  .object({
    tweet_count: z.int().optional().openapi({ description: 'X: posts so far.' }),
    listed_count: z.int().optional().openapi({ description: 'X: lists that name the account.' }),
    likes_count: z.int().optional().openapi({ description: 'TikTok: likes received so far.' }),
    upstream_status: z.int().optional().openapi({
      description: 'The status with which the platform refused. The counts are 0 then.',
    }),
    upstream_error: z
      .string()
      .optional()
      .openapi({ description: 'What the platform said to it, without credentials.' }),
  })
  .openapi('UniPostPlatformSpecific')

/** The document's fields. */
export const AccountMetrics = z
  .object({
    social_account_id: z.string(),
    platform: z.enum(['twitter', 'tiktok']),
    follower_count: z.int().openapi({ description: '0 also when nobody knows it.' }),
    following_count: z.int().openapi({ description: '0 also when nobody knows it.' }),
    post_count: z.int().openapi({ description: '0 also when nobody knows it.' }),
    platform_specific: PlatformSpecific,
    fetched_at: z.iso.datetime().openapi({ description: 'When the platform was asked.' }),
  })
  .openapi('UniPostAccountMetrics')

/** The answer: the fields where the document has them, and where the vendor's clients read them. */
export const Answer = AccountMetrics.extend({
  data: AccountMetrics,
  request_id: z.string(),
}).openapi('UniPostAnswer')

type Fields = z.infer<typeof AccountMetrics>

/** Whose numbers an answer has, and when it was read. */
export interface About {
  accountId: string
  platform: Platform
  shown: Shown
  readAt: Date
}

/** The fields of an account that was read. A number that nobody reported is 0. */
export function readFields(about: About, { native }: Pick<AccountReading, 'native'>): Fields {
  const { followers, following, posts } = toAudience(about.platform, native)
  return fieldsOf(about, {
    follower_count: followers ?? 0,
    following_count: following ?? 0,
    post_count: posts ?? 0,
    platform_specific: specificOf(about.shown, native),
  })
}

/** The fields of an account whose platform answered with an error. */
export function refusedFields(about: About, status: number, failure: Failure): Fields {
  return fieldsOf(about, {
    ...{ follower_count: 0, following_count: 0, post_count: 0 },
    platform_specific: {
      upstream_status: status,
      // A platform may refuse without a word, or may have refused so lately that it is not asked.
      upstream_error: beginningOf(failure.body ?? failure.message, UPSTREAM_ERROR_BYTES_MAX),
    },
  })
}

function fieldsOf(
  { accountId, shown, readAt }: About,
  numbers: Omit<Fields, 'social_account_id' | 'platform' | 'fetched_at'>,
): Fields {
  return {
    ...{ social_account_id: accountId, platform: shown.name },
    ...numbers,
    fetched_at: instantText(readAt),
  }
}

/** A text as far as it fits into so many bytes of UTF-8, and ends with a whole character. */
export function beginningOf(text: string, bytesMax: number): string {
  const bytes = new TextEncoder().encode(text)
  // In a stream, a character that has begun waits for its end.
  return new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: true })
}

/** The whole answer, in the document's order. */
export function answerOf(fields: Fields, requestId: string): z.infer<typeof Answer> {
  return { ...fields, data: fields, request_id: requestId }
}
