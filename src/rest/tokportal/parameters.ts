import { z } from '@hono/zod-openapi'
import { text } from '../parameters.ts'
import { Problem } from './errors.ts'
import { ACCOUNT_ID } from './examples.ts'

/** The part of a path that names an account. */
export const ACCOUNT_PARAMS = z.object({
  id: text('The id of an account.').openapi({ example: ACCOUNT_ID }),
})

/** An answer of a route, with examples of it by name. */
export function answered<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  examples: Record<string, z.infer<Schema>>,
) {
  return { description, content: { 'application/json': { schema, examples: shown(examples) } } }
}

/** An error of a route, with examples of it by name. */
export function refused(description: string, examples: Record<string, z.infer<typeof Problem>>) {
  return answered(description, Problem, examples)
}

function shown<Value>(examples: Record<string, Value>): Record<string, { value: Value }> {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]))
}
