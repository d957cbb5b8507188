import { z } from '@hono/zod-openapi'
import { CONTENT_TYPES } from '../../domain/content.ts'
import { AppError } from '../../domain/errors.ts'
import { PLATFORMS } from '../../domain/platform.ts'
import type { PublicationFilter } from '../../domain/publication.ts'
import type { SyncStatus } from '../../domain/sync.ts'
import { checkTimeZone } from '../../domain/time-zone.ts'
import { flag, instant, text } from '../parameters.ts'
import { FORMATS } from './formats.ts'

const SYNC_STATUSES = [
  'synced',
  'partial',
  'pending',
  'failed',
  'requires_reconnect',
] as const satisfies SyncStatus[]

/** One of some words, in whatever case. */
export function word<const Words extends readonly [string, ...string[]]>(
  words: Words,
  description: string,
) {
  const error = `must be one of ${words.join(', ')}`
  return z
    .string({ error })
    .transform((given) => given.toLowerCase())
    .pipe(z.enum(words, { error }))
    .openapi({ type: 'string', enum: [...words], description })
}

const TIME_ZONE = text(
  'The IANA time zone on whose clock instants are printed, and days, weeks and months begin.',
)
  .default('UTC')
  .transform((name, context) => {
    try {
      return checkTimeZone(name)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const message = 'must be the name of an IANA time zone, such as Europe/Berlin'
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
  })
  .openapi({ type: 'string', default: 'UTC', example: 'Europe/Berlin' })

/** How an export is to be written. */
export const WRITING = {
  format: word(FORMATS, 'Left out: what `Accept` says, CSV where it leaves it open.').optional(),
  timeZone: TIME_ZONE,
  bom: flag('Whether a CSV begins with the mark by which Excel knows UTF-8.'),
}

/** What publications must all be, as in the graph. Windows of recording differ in their names. */
export const FILTER = {
  postId: text('The post that it is of.').optional(),
  accountId: text('Whose it is: the `localId` of an account.').optional(),
  platform: word(PLATFORMS, 'Where it is published.').optional(),
  contentType: word(CONTENT_TYPES, 'What it is.').optional(),
  publishedFrom: instant('The earliest `published_at`.').optional(),
  publishedTo: instant('The latest `published_at`.').optional(),
  syncStatus: word(SYNC_STATUSES, 'How its last refresh ended.').optional(),
}

/** Parameters of these names, and no others: any other is refused by its name. */
export function parameters<Shape extends z.ZodRawShape>(shape: Shape) {
  const unknown = z.any().refine(() => false, { error: 'is no parameter of this export' })
  return z.object(shape).catchall(unknown)
}

/** The filter among the values of parameters. */
export function filterOf(
  given: {
    [Name in keyof typeof FILTER]?: z.infer<(typeof FILTER)[Name]>
  },
): PublicationFilter {
  const entries = Object.keys(FILTER).map((name) => [
    name,
    given[name as keyof typeof FILTER] ?? null,
  ])
  return Object.fromEntries(entries)
}
