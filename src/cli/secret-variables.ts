import { z } from 'zod'
import { SECRET_KEY_BYTES } from '../auth/tokens.ts'
import type { Variable } from './variable.ts'

const BYTES = `${SECRET_KEY_BYTES} bytes in base64, as "openssl rand -base64 32" prints them`

const key = z
  .base64()
  .transform((base64) => new Uint8Array(Buffer.from(base64, 'base64')))
  .refine((bytes) => bytes.length === SECRET_KEY_BYTES)

/** The key that seals tokens. */
export const SECRET_KEY: Variable<Uint8Array | null> = {
  ...{ name: 'WEIR_SECRET_KEY', takes: BYTES, fallback: null, isSecret: true, schema: key },
}

/** Further keys, which open tokens and seal none; null: nobody said. */
export const OTHER_SECRET_KEYS: Variable<readonly Uint8Array[] | null> = {
  ...{ name: 'WEIR_SECRET_KEYS_OTHER', fallback: null, isSecret: true },
  takes: `keys of ${BYTES}, with commas between`,
  schema: z
    .string()
    .transform((list) => list.split(',').map((each) => each.trim()))
    .pipe(z.array(key)),
}
