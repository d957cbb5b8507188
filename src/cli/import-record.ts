import { z } from 'zod'
import { CONTENT_TYPES } from '../domain/content.ts'
import type { JsonValue } from '../domain/json.ts'
import { PLATFORMS } from '../domain/platform.ts'

const SYNC_STATUSES = ['synced', 'partial', 'pending', 'failed', 'requires_reconnect'] as const
const ID_CHARACTERS_MAX = 512
const HOURS_MAX = 24 * 366
const QUOTA_MAX = 1_000_000_000

const text = z.string(must('be a text in quotes'))
const id = text
  .min(1, must('not be empty'))
  .max(ID_CHARACTERS_MAX, must(`have at most ${ID_CHARACTERS_MAX} characters`))
const url = z.url({ protocol: /^https?$/, ...must('be an http or https URL') })
const time = z.iso
  .datetime({ offset: true, ...must('be a time like 2026-06-29T09:00:00Z') })
  .transform((written) => new Date(written))
const texts = z.array(text, must('be a list of texts'))
const duration = z.number(must('be a number of seconds')).min(0, must('not be negative'))
const nativeNumber = z
  .union([z.number(), z.boolean(), z.null()], must('be a number'))
  .refine((value) => typeof value !== 'number' || isExact(value), must(`be at most ${2 ** 53 - 1}`))
const payload = z.custom<JsonValue>((value) => value !== undefined)

const record = <Shape extends z.ZodRawShape, Type extends string>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape })

/** What a line may say, by its type. Members that may be left out are null then. */
export const RECORD_SCHEMAS = {
  workspace: record('workspace', {
    id,
    name: text.min(1, must('not be empty')),
    refresh_cooldown_hours: optional(wholeNumber(HOURS_MAX)),
    refresh_monthly_quota: optional(wholeNumber(QUOTA_MAX)),
  }),
  account: record('account', {
    workspace_id: id,
    id: optional(id),
    platform: oneOf(PLATFORMS),
    platform_account_id: id,
    handle: optional(text),
    display_name: optional(text),
    avatar_url: optional(url),
    access_token: optional(text.min(1, must('not be empty'))),
    refresh_token: optional(text.min(1, must('not be empty'))),
    token_expires_at: optional(time),
    scopes: optional(texts),
    connected_at: optional(time),
  }),
  post: record('post', {
    workspace_id: id,
    id: optional(id),
    text: optional(text),
    created_at: optional(time),
  }),
  publication: record('publication', {
    workspace_id: id,
    id: optional(id),
    post_id: optional(id),
    account_id: id,
    platform_post_id: id,
    url: optional(url),
    text: optional(text),
    content_type: optional(oneOf(CONTENT_TYPES)),
    thumbnail_url: optional(url),
    duration_seconds: optional(duration),
    created_at: optional(time),
    published_at: optional(time),
  }),
  video: record('video', {
    workspace_id: id,
    id: optional(id),
    video_id: optional(id),
    publication_id: id,
  }),
  snapshot: record('snapshot', {
    workspace_id: id,
    account_id: optional(id),
    publication_id: optional(id),
    captured_at: time,
    metrics: z.record(z.string(), nativeNumber, must('be an object of numbers')),
    payload: optional(payload),
    warnings: optional(texts),
    sync_status: optional(oneOf(SYNC_STATUSES)),
    error_message: optional(text),
    stale_after: optional(time),
  }),
}

/** Members that tell when something happened, which nothing that is to come has. */
export const PAST_MEMBERS = ['captured_at', 'connected_at', 'created_at', 'published_at'] as const

/** Members that name another record. */
export const REFERENCES = [
  ['account_id', 'account'],
  ['post_id', 'post'],
  ['publication_id', 'publication'],
] as const

/** The types of lines, in the order in which one refers to another. */
export type RecordType = keyof typeof RECORD_SCHEMAS

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/** A checked line of one type, its members in camel case; what was left out is null. */
export type ImportRecord<Type extends RecordType = RecordType> = {
  [Each in RecordType]: {
    [Member in keyof z.output<(typeof RECORD_SCHEMAS)[Each]> as CamelCase<
      Member & string
    >]: z.output<(typeof RECORD_SCHEMAS)[Each]>[Member]
  }
}[Type]

function must(condition: string): { error: (issue: { input?: unknown }) => string } {
  return {
    error: ({ input }) => (input === undefined ? 'is required' : `must ${condition}`),
  }
}

function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, must(`be one of ${words.join(', ')}`))
}

function wholeNumber(max: number) {
  const condition = must(`be a whole number from 0 to ${max}`)
  return z.int(condition).min(0, condition).max(max, condition)
}

// What is left out and what is null are the same: nobody said.
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null)
}

function isExact(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value)
}
