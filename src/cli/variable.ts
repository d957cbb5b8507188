import { z } from 'zod'

/** A variable of the environment. */
export interface Variable<Value> {
  readonly name: string
  /** What it takes: completes the sentence "NAME takes …". */
  readonly takes: string
  readonly schema: z.ZodType<Value, string>
  readonly fallback: Value
  /** Whether a wrong value is kept out of the message. */
  readonly isSecret: boolean
}

/** A text that is not blank. */
export function text(name: string, takes: string, fallback: string): Variable<string> {
  return { name, takes, fallback, schema: z.string().trim().min(1), isSecret: false }
}

/** What a platform shows for an application; null: nobody said. */
export function clientText(name: string, isSecret: boolean): Variable<string | null> {
  const takes = 'what the platform shows for its application, without spaces'
  return { name, takes, fallback: null, schema: z.string().regex(/^\S+$/), isSecret }
}

/** A whole number within a range. */
export function integer<Fallback extends number | null>(
  name: string,
  [min, max]: [number, number],
  fallback: Fallback,
): Variable<number | Fallback> {
  const number = z.string().regex(/^\d+$/).transform(Number)
  const schema: z.ZodType<number, string> = number.pipe(z.number().min(min).max(max))
  return { name, takes: `a whole number from ${min} to ${max}`, schema, fallback, isSecret: false }
}

/** A URL that paths are appended to, without a slash at its end; null: nobody said. */
export function baseUrl(name: string, example: string): Variable<string | null> {
  const takes = `an http or https URL without a query, such as ${example}`
  const schema = z
    .string()
    .refine(isBaseUrl)
    .transform((url) => url.replace(/\/+$/, ''))
  return { name, takes, fallback: null, schema, isSecret: false }
}

/** Origins with commas between, as browsers write them; null: nobody said. */
export function originList(name: string): Variable<readonly string[] | null> {
  const takes = 'origins such as https://app.example.com, with commas between'
  const schema = z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin))
    .transform((origins) => origins.map((origin) => new URL(origin).origin))
  return { name, takes, fallback: null, schema, isSecret: false }
}

function isOrigin(url: string): boolean {
  return isBaseUrl(url) && new URL(url).pathname === '/'
}

function isBaseUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password, search, hash } = new URL(url)
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === ''
}
