import { z } from 'zod'
import type { JwtRules } from '../auth/jwt.ts'
import type { Variable } from './variable.ts'

const SECRET_BYTES_MIN = 32
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const JWKS_URL: Variable<string | null> = {
  ...{ name: 'WEIR_JWT_JWKS_URL', fallback: null, isSecret: true },
  takes: 'an https URL, or an http one of this machine, such as https://id.example.com/jwks.json',
  schema: z.string().refine(isKeysUrl),
}
const SECRET: Variable<Uint8Array | null> = {
  ...{ name: 'WEIR_JWT_SECRET', fallback: null, isSecret: true },
  takes: `at least ${SECRET_BYTES_MIN} bytes in base64, as "openssl rand -base64 32" prints them`,
  schema: z
    .base64()
    .transform((base64) => new Uint8Array(Buffer.from(base64, 'base64')))
    .refine((secret) => secret.length >= SECRET_BYTES_MIN),
}
const ISSUER = claim('WEIR_JWT_ISSUER', 'iss')
const AUDIENCE = claim('WEIR_JWT_AUDIENCE', 'aud')

/** The variables of dashboards' tokens. */
export const JWT_VARIABLES = [JWKS_URL, SECRET, ISSUER, AUDIENCE]

/**
 * Which tokens the variables let in; null: none, for nothing is given. Of half a configuration it
 * answers what is wrong, in a sentence that begins with the variable's name.
 */
export function jwtRulesIn(
  value: <Value>(variable: Variable<Value>) => Value,
): { rules: JwtRules | null } | { problem: string } {
  const [jwksUrl, secret] = [value(JWKS_URL), value(SECRET)]
  const [issuer, audience] = [value(ISSUER), value(AUDIENCE)]
  if (jwksUrl !== null && secret !== null) {
    return { problem: `${SECRET.name} is not taken beside ${JWKS_URL.name}: give one of them.` }
  }
  const keys = jwksUrl !== null ? { jwksUrl } : secret !== null ? { secret } : null
  if (keys === null) {
    const given = issuer !== null ? ISSUER : audience !== null ? AUDIENCE : null
    return given === null ? { rules: null } : missing(JWKS_URL, given, ` or ${SECRET.name}`)
  }
  const given = jwksUrl !== null ? JWKS_URL : SECRET
  if (issuer === null) return missing(ISSUER, given)
  if (audience === null) return missing(AUDIENCE, given)
  return { rules: { keys, issuer, audience } }
}

type Named = Pick<Variable<unknown>, 'name' | 'takes'>

function missing({ name, takes }: Named, given: Named, other = ''): { problem: string } {
  return {
    problem: `${name} takes ${takes}, and${other && ` it${other}`} is required with ${given.name}.`,
  }
}

function claim(name: string, word: string): Variable<string | null> {
  const takes = `what the claim "${word}" of a token has to be`
  return { name, takes, fallback: null, schema: z.string().trim().min(1), isSecret: false }
}

// Whoever could change the keys on their way could sign tokens.
function isKeysUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password, hash } = new URL(url)
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))
  return isSafe && `${username}${password}${hash}` === ''
}
