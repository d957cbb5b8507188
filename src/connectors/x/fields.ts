import { requestedMetrics } from '../../domain/catalog/catalog.ts'
import type { Vocabulary } from './request.ts'

/** The fields of posts and of their media that hold private numbers. */
export const PRIVATE_FIELDS = ['non_public_metrics', 'organic_metrics']

const PUBLIC_POST = ['public_metrics']
const PUBLIC_MEDIA = ['media.public_metrics']
const PRIVATE_MEDIA = PRIVATE_FIELDS.map((field) => `media.${field}`)

/** The sources of a post's numbers that anyone may see. */
export const PUBLIC_SOURCES = [...PUBLIC_POST, ...PUBLIC_MEDIA]

/** The sources of a post's numbers that X shows to its author, for 30 days. */
export const PRIVATE_SOURCES = [...PRIVATE_FIELDS, ...PRIVATE_MEDIA]

/** How long before X's 30 days end private numbers are no longer asked for. */
const PRIVATE_MS = 29.5 * 86_400_000

/** Since when posts are young enough for their private numbers. To the second, as X reads times. */
export function privateSince(now: Date): Date {
  return new Date(Math.ceil((now.getTime() - PRIVATE_MS) / 1000) * 1000)
}

/** The parameters that select everything this gateway reads of a post, private numbers or not. */
export function postParams(
  words: Vocabulary,
  today: string,
  options: { isPrivate: boolean },
): Record<string, string> {
  const sources = (publics: string[], privates: string[]) =>
    (options.isPrivate ? [...publics, ...privates] : publics).filter((source) =>
      isAsked(source, today),
    )
  const media = sources(PUBLIC_MEDIA, PRIVATE_MEDIA).map((source) => source.replace('media.', ''))
  const post = ['created_at', 'text', words.longText, 'attachments']
  return {
    [words.selector]: [...post, ...sources(PUBLIC_POST, PRIVATE_FIELDS)].join(','),
    expansions: 'attachments.media_keys',
    'media.fields': ['media_key', 'type', 'url', 'preview_image_url', 'duration_ms', ...media].join(
      ',',
    ),
  }
}

/** The parameter that selects everything this gateway reads of a user, less what X refused. */
export function userParams(today: string, refused: readonly string[] = []): Record<string, string> {
  const own = requestedMetrics('x', 'account', 'user', today).map((metric) => metric.wire)
  const groups = requestedMetrics('x', 'account', 'user.public_metrics', today).slice(0, 1)
  const fields = [
    ...['id', 'name', 'username', 'profile_image_url'],
    ...groups.map(() => 'public_metrics'),
    ...own,
  ]
  return { 'user.fields': fields.filter((field) => !refused.includes(field)).join(',') }
}

function isAsked(source: string, today: string): boolean {
  return (['post', 'video'] as const).some(
    (subject) => requestedMetrics('x', subject, source, today).length > 0,
  )
}
