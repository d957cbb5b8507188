import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'
import { HTTP_DEFAULTS } from '../src/connectors/connectors.ts'
import { QUOTAS } from '../src/connectors/quotas.ts'
import { GRAPHQL_LIMITS } from '../src/graphql/yoga.ts'
import { REFRESH_LIMITS } from '../src/refresh/dependencies.ts'

const SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

function messageFor(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('The environment was accepted.')
}

test('an empty environment means the embedded database, on loopback, with the defaults', () => {
  const config = readConfig({ PATH: '/bin' })
  expect(config).toMatchObject({ host: '127.0.0.1', port: 4000, databaseUrl: null })
  expect(config).toMatchObject({ dataDir: '.weir', secretKey: null, staleAfterSeconds: null })
  expect(config).toMatchObject({ logLevel: 'info', clients: {}, origins: {} })
  expect(config).toMatchObject({ scheduler: 'on', scheduleTickSeconds: null })
})

test('the limits are those of the parts that keep them', () => {
  const { graphql, refresh, upstream } = readConfig({}).limits
  expect(graphql).toEqual(GRAPHQL_LIMITS)
  expect(upstream).toEqual(HTTP_DEFAULTS)
  const { staleAfterSeconds, scheduleTickSeconds, stopGraceMs, ...others } = REFRESH_LIMITS
  expect(refresh).toEqual(others)
})

test('the quotas are the usual ones, or what is given', () => {
  const usual = Object.fromEntries(QUOTAS.map((quota) => [quota.variable, quota.usual]))
  expect(readConfig({}).quotas).toEqual(usual)
  for (const { variable } of QUOTAS) {
    expect(readConfig({ [variable]: '7' }).quotas).toEqual({ ...usual, [variable]: 7 })
  }
})

test('what is given is used', () => {
  const config = readConfig({
    WEIR_PORT: '0',
    DATABASE_URL: 'postgresql://weir@db/weir',
    WEIR_SECRET_KEY: SECRET_KEY,
    WEIR_STALE_AFTER_SECONDS: '60',
    WEIR_SCHEDULER: 'off',
    WEIR_SCHEDULER_TICK_SECONDS: '7',
    WEIR_X_API_URL: 'http://127.0.0.1:9/x/',
    WEIR_X_CLIENT_ID: 'app',
    WEIR_X_CLIENT_SECRET: 'secret',
  })
  expect(config).toMatchObject({ port: 0, databaseUrl: 'postgresql://weir@db/weir' })
  expect(config.secretKey).toEqual(new Uint8Array(32).fill(7))
  expect(config.staleAfterSeconds).toBe(60)
  expect(config).toMatchObject({ scheduler: 'off', scheduleTickSeconds: 7 })
  expect(config.origins).toEqual({ WEIR_X_API_URL: 'http://127.0.0.1:9/x' })
  expect(config.clients).toEqual({ x: { id: 'app', secret: 'secret' } })
})

test('origins of pages are listed with commas between, and are none by default', () => {
  const given = 'https://app.example.com, http://localhost:3000/,HTTPS://B.Example.com:443'
  expect(readConfig({ WEIR_CORS_ORIGINS: given }).corsOrigins).toEqual([
    'https://app.example.com',
    'http://localhost:3000',
    'https://b.example.com',
  ])
  expect(readConfig({}).corsOrigins).toEqual([])
})

test('an empty value is the same as none', () => {
  expect(readConfig({ WEIR_PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4000 })
})

test.each([
  [{ WEIR_PORT: 'http' }, 'WEIR_PORT takes a whole number from 0 to 65535, not "http".'],
  [{ WEIR_PORT: '65536' }, 'WEIR_PORT takes a whole number from 0 to 65535, not "65536".'],
  [{ WEIR_PORT: '40\n00' }, 'WEIR_PORT takes a whole number from 0 to 65535, not "40\\n00".'],
  [{ WEIR_LOG_LEVEL: 'loud' }, /^WEIR_LOG_LEVEL takes one of trace, debug, .*, not "loud"\.$/],
  [{ WEIR_X_API_URL: 'api.x.com' }, /^WEIR_X_API_URL takes an http or https URL .*api\.x\.com/],
  [{ WEIR_X_API_URL: 'http://a?b=c' }, /^WEIR_X_API_URL takes an http or https URL/],
  [{ WEIR_HOST: '  ' }, /^WEIR_HOST takes a host name/],
  [{ WEIR_CORS_ORIGINS: '*' }, /^WEIR_CORS_ORIGINS takes origins such as https:\/\/app\.example/],
  [{ WEIR_CORS_ORIGINS: 'https://a.test,,' }, /^WEIR_CORS_ORIGINS takes origins/],
  [{ WEIR_CORS_ORIGINS: 'https://a.test/app' }, /^WEIR_CORS_ORIGINS takes origins/],
  [{ WEIR_CORS_ORIGINS: 'file:///a' }, /^WEIR_CORS_ORIGINS takes origins/],
  [{ WEIR_X_CLIENT_ID: 'app' }, /^WEIR_X_CLIENT_SECRET takes .* beside WEIR_X_CLIENT_ID\.$/],
  [{ DATABASE_URL: 'postgres://db/weir' }, /^WEIR_SECRET_KEY takes 32 bytes .* DATABASE_URL\.$/],
])('a wrong value is named with what it takes: %o', (environment, message) => {
  expect(messageFor(environment)).toMatch(message)
})

test.each([
  [{ DATABASE_URL: 'mysql://root:hunter2@db' }],
  [{ WEIR_SECRET_KEY: 'hunter2' }],
  [{ WEIR_X_CLIENT_ID: 'app', WEIR_X_CLIENT_SECRET: 'hunter2 ' }],
  [{ WEIR_JWT_SECRET: 'hunter2' }],
  [{ WEIR_JWT_JWKS_URL: 'https://weir:hunter2@id.example.com' }],
])('a wrong secret is not repeated: %o', (environment) => {
  expect(messageFor(environment)).not.toContain('hunter2')
})

const TOKENS = { WEIR_JWT_ISSUER: 'https://id.example.com/', WEIR_JWT_AUDIENCE: 'weir' }
const JWKS_URL = 'https://id.example.com/jwks.json?tenant=1'

test('tokens of dashboards are taken as configured, and otherwise not', () => {
  expect(readConfig({}).jwt).toBeNull()
  const named = { issuer: 'https://id.example.com/', audience: 'weir' }
  const secret = new Uint8Array(32).fill(7)
  const shared = readConfig({ ...TOKENS, WEIR_JWT_SECRET: SECRET_KEY })
  expect(shared.jwt).toEqual({ ...named, keys: { secret } })
  for (const jwksUrl of [JWKS_URL, 'http://127.0.0.1:9/a', 'http://[::1]/a', 'http://localhost']) {
    const { jwt } = readConfig({ ...TOKENS, WEIR_JWT_JWKS_URL: jwksUrl })
    expect(jwt).toEqual({ ...named, keys: { jwksUrl } })
  }
})

test.each([
  [{ WEIR_JWT_JWKS_URL: JWKS_URL }, /^WEIR_JWT_ISSUER takes .* with WEIR_JWT_JWKS_URL\.$/],
  [{ WEIR_JWT_SECRET: SECRET_KEY }, /^WEIR_JWT_ISSUER takes .* with WEIR_JWT_SECRET\.$/],
  [
    { WEIR_JWT_SECRET: SECRET_KEY, WEIR_JWT_ISSUER: 'i' },
    /^WEIR_JWT_AUDIENCE takes .* with WEIR_JWT_SECRET\.$/,
  ],
  [{ WEIR_JWT_AUDIENCE: 'weir' }, /^WEIR_JWT_JWKS_URL takes .* WEIR_JWT_SECRET .*AUDIENCE\.$/],
  [
    { ...TOKENS, WEIR_JWT_JWKS_URL: JWKS_URL, WEIR_JWT_SECRET: SECRET_KEY },
    /^WEIR_JWT_SECRET is not taken beside WEIR_JWT_JWKS_URL: give one of them\.$/,
  ],
  [{ ...TOKENS, WEIR_JWT_JWKS_URL: 'http://id.example.com/a' }, /^WEIR_JWT_JWKS_URL takes/],
  [{ ...TOKENS, WEIR_JWT_JWKS_URL: 'file:///etc/keys' }, /^WEIR_JWT_JWKS_URL takes/],
  [{ ...TOKENS, WEIR_JWT_SECRET: SECRET_KEY.slice(0, 40) }, /^WEIR_JWT_SECRET takes at least 32/],
])('half a configuration of tokens stops the start: %o', (environment, message) => {
  expect(messageFor(environment)).toMatch(message)
})

test('a name that is nearly right is refused, with the right one', () => {
  expect(messageFor({ WEIR_PROT: '4000' })).toBe(
    'WEIR_PROT is not one of the variables that Weir knows. Did you mean WEIR_PORT?',
  )
  expect(messageFor({ WEIR_SOMETHING_ELSE: '1' })).toContain('docs/config.md')
})
