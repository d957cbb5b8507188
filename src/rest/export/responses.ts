import { z } from '@hono/zod-openapi'
import { Problem, problem } from './errors.ts'

/** The answers of an export that are its own, with examples of both formats. */
export function responses(csv: string, ndjson: string) {
  return {
    200: {
      description: 'The export. A connection that breaks before its end has left out rows.',
      content: {
        'text/csv': { schema: z.string(), example: csv },
        'application/x-ndjson': { schema: z.string(), example: ndjson },
      },
    },
    406: {
      description: 'The request accepts neither format.',
      content: {
        'application/json': {
          schema: Problem,
          example: problem('NOT_ACCEPTABLE', 'Exports are written as csv or ndjson.'),
        },
      },
    },
  }
}
