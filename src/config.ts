import { z } from 'zod'
import type { JwtRules } from './auth/jwt.ts'
import { JWT_VARIABLES, jwtRulesIn } from './cli/jwt-variables.ts'
import { LIMITS } from './cli/limit-variables.ts'
import { nearestWord } from './cli/nearest-word.ts'
import { RETENTION_VARIABLES, retentionIn } from './cli/retention-variables.ts'
import { OTHER_SECRET_KEYS, SECRET_KEY } from './cli/secret-variables.ts'
import {
  TELEMETRY_VARIABLES,
  type TelemetryRules,
  telemetryRulesIn,
} from './cli/telemetry-variables.ts'
import { baseUrl, clientText, integer, originList, text, type Variable } from './cli/variable.ts'
import { ENDPOINTS } from './connectors/endpoints.ts'
import { QUOTAS, type QuotaSizes } from './connectors/quotas.ts'
import { PLATFORMS, type Platform } from './domain/platform.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import type { Retention } from './refresh/retention.ts'
import { REST_APIS } from './rest/facades.ts'

const DAY_SECONDS = 86_400
const SHOWN_CHARACTERS_MAX = 60
// A user and a password, or what a query may hold: a URL that should have had neither.
const HAS_CREDENTIALS = /@|\?/

/** An environment variable that is missing or wrong. The message is one line that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const STALE_AFTER = integer('WEIR_STALE_AFTER_SECONDS', [1, 365 * DAY_SECONDS], null)
const SCHEDULE_TICK = integer('WEIR_SCHEDULER_TICK_SECONDS', [1, DAY_SECONDS], null)
const HOST = text('WEIR_HOST', 'a host name or an address to listen on', '127.0.0.1')
const PORT = integer('WEIR_PORT', [0, 65_535], 4000)
const DATA_DIR = text('WEIR_DATA_DIR', 'a folder', '.weir')
const DATABASE_URL: Variable<string | null> = {
  ...{ name: 'DATABASE_URL', takes: 'a URL like postgres://user:password@host:5432/database' },
  ...{ fallback: null, isSecret: true },
  schema: z.string().refine((url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url)),
}
const LOG_LEVEL: Variable<LogLevel> = {
  ...{ name: 'WEIR_LOG_LEVEL', takes: `one of ${LOG_LEVELS.join(', ')}`, fallback: 'info' },
  ...{ schema: z.string().pipe(z.enum(LOG_LEVELS)), isSecret: false },
}
const CORS_ORIGINS = originList('WEIR_CORS_ORIGINS')
const SCHEDULER: Variable<'on' | 'off'> = {
  ...{ name: 'WEIR_SCHEDULER', takes: '"on" or "off"', fallback: 'on' },
  ...{ schema: z.string().pipe(z.enum(['on', 'off'])), isSecret: false },
}
const GRAPHQL_COMPILER: Variable<'on' | 'off'> = {
  ...{ name: 'WEIR_GRAPHQL_COMPILER', takes: '"on" or "off"', fallback: 'on' },
  ...{ schema: z.string().pipe(z.enum(['on', 'off'])), isSecret: false },
}
const INTROSPECTION: Variable<'on' | 'off'> = {
  ...{ name: 'WEIR_INTROSPECTION', takes: '"on" or "off"', fallback: 'on' },
  ...{ schema: z.string().pipe(z.enum(['on', 'off'])), isSecret: false },
}
const TRUSTED_DOCUMENTS: Variable<string | null> = {
  ...{ name: 'WEIR_TRUSTED_DOCUMENTS', takes: 'a JSON file of documents by their hashes' },
  ...{ fallback: null, schema: z.string().trim().min(1), isSecret: false },
}
const CLIENTS = PLATFORMS.map((platform) => ({
  platform,
  id: clientText(`WEIR_${platform.toUpperCase()}_CLIENT_ID`, false),
  secret: clientText(`WEIR_${platform.toUpperCase()}_CLIENT_SECRET`, true),
}))
const RATES = REST_APIS.map(({ rate }) => integer(rate.variable, [1, 1_000_000], rate.perMinute))
const BASE_URLS = ENDPOINTS.map(({ variable, url }) => baseUrl(variable, url))
const QUOTA_SIZES = QUOTAS.map(({ variable, usual }) => integer(variable, [1, 2 ** 31 - 1], usual))

/** All variables: what each takes, and its default. */
export const VARIABLES: readonly Pick<Variable<unknown>, 'name' | 'takes' | 'fallback'>[] = [
  ...[
    HOST,
    PORT,
    CORS_ORIGINS,
    DATABASE_URL,
    DATA_DIR,
    SECRET_KEY,
    OTHER_SECRET_KEYS,
    ...JWT_VARIABLES,
    LOG_LEVEL,
    STALE_AFTER,
    SCHEDULER,
    SCHEDULE_TICK,
    INTROSPECTION,
    TRUSTED_DOCUMENTS,
    GRAPHQL_COMPILER,
  ],
  ...TELEMETRY_VARIABLES,
  ...RETENTION_VARIABLES,
  ...Object.values(LIMITS).flatMap((group) => Object.values(group)),
  ...RATES,
  ...QUOTA_SIZES,
  ...CLIENTS.flatMap(({ id, secret }) => [id, secret]),
  ...BASE_URLS,
]

/** Every limit, by the part that keeps it. */
export type Limits = {
  readonly [Part in keyof typeof LIMITS]: { readonly [Name in keyof (typeof LIMITS)[Part]]: number }
}

/** What the environment says, checked and with its defaults. */
export interface Config {
  host: string
  /** 0: any free port. */
  port: number
  /** Whose pages may ask in a browser: scheme, host and port. */
  corsOrigins: readonly string[]
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null
  dataDir: string
  /** 32 bytes; null only with the embedded database, which keeps a key of its own. */
  secretKey: Uint8Array | null
  /** Further keys, which open tokens and seal none. */
  otherSecretKeys: readonly Uint8Array[]
  /** Which tokens of dashboards are taken beside keys; null: none. */
  jwt: JwtRules | null
  logLevel: LogLevel
  /** Whether the process that refreshes also queues what is due, without being asked. */
  scheduler: 'on' | 'off'
  /** Whether operations are compiled before they are run. */
  graphqlCompiler: 'on' | 'off'
  /** Whether the schema tells of itself. */
  introspection: 'on' | 'off'
  /** The file with the only documents that are run; null: any is. */
  trustedDocuments: string | null
  /** Seconds between two looks for what is due; null when nobody said. */
  scheduleTickSeconds: number | null
  /** Seconds until numbers are stale; null when nobody said. */
  staleAfterSeconds: number | null
  /** What is not kept for ever. */
  retention: Retention
  telemetry: TelemetryRules
  limits: Limits
  /** What platforms let our application use up in a day, by variable. */
  quotas: QuotaSizes
  /** Requests a minute of one key, for every REST API, by its variable. */
  rates: Readonly<Record<string, number>>
  clients: Partial<Record<Platform, { id: string; secret: string }>>
  /** The base URLs that were given, by variable; the platforms' own are not here. */
  origins: Readonly<Record<string, string>>
}

/** The variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment. Throws a `ConfigError` for the first variable that is wrong or unknown. */
export function readConfig(environment: Environment): Config {
  refuseUnknown(environment)
  const value = <Value>(variable: Variable<Value>) => read(environment, variable)
  const limits = Object.entries(LIMITS).map(([part, variables]) => {
    const entries = Object.entries<Variable<number>>(variables)
    return [part, Object.fromEntries(entries.map(([name, each]) => [name, value(each)]))]
  })
  const config = {
    host: value(HOST),
    port: value(PORT),
    corsOrigins: value(CORS_ORIGINS) ?? [],
    databaseUrl: value(DATABASE_URL),
    dataDir: value(DATA_DIR),
    secretKey: value(SECRET_KEY),
    otherSecretKeys: value(OTHER_SECRET_KEYS) ?? [],
    jwt: jwtIn(value),
    logLevel: value(LOG_LEVEL),
    scheduler: value(SCHEDULER),
    graphqlCompiler: value(GRAPHQL_COMPILER),
    introspection: value(INTROSPECTION),
    trustedDocuments: value(TRUSTED_DOCUMENTS),
    scheduleTickSeconds: value(SCHEDULE_TICK),
    staleAfterSeconds: value(STALE_AFTER),
    retention: retentionIn(value),
    telemetry: telemetryRulesIn(value),
    limits: Object.fromEntries(limits) as Limits,
    quotas: Object.fromEntries(QUOTA_SIZES.map((size) => [size.name, value(size)])),
    rates: Object.fromEntries(RATES.map((variable) => [variable.name, value(variable)])),
    clients: clientsIn(environment),
    origins: originsIn(environment),
  }
  if (config.databaseUrl !== null && config.secretKey === null) {
    throw new ConfigError(
      `${SECRET_KEY.name} takes ${SECRET_KEY.takes}, and is required with ${DATABASE_URL.name}.`,
    )
  }
  return config
}

function jwtIn(value: Parameters<typeof jwtRulesIn>[0]): JwtRules | null {
  const given = jwtRulesIn(value)
  if ('problem' in given) throw new ConfigError(given.problem)
  return given.rules
}

function read<Value>(environment: Environment, variable: Variable<Value>): Value {
  const given = environment[variable.name]
  if (given === undefined || given === '') return variable.fallback
  const parsed = variable.schema.safeParse(given)
  if (parsed.success) return parsed.data
  const shown = JSON.stringify(given.slice(0, SHOWN_CHARACTERS_MAX))
  const instead = variable.isSecret || HAS_CREDENTIALS.test(given) ? '' : `, not ${shown}`
  throw new ConfigError(`${variable.name} takes ${variable.takes}${instead}.`)
}

// A misspelled name would otherwise be ignored, and its default used in silence. The variables of
// the test suite are not the gateway's.
function refuseUnknown(environment: Environment): void {
  const known = VARIABLES.map(({ name }) => name)
  for (const [name, given] of Object.entries(environment)) {
    const isOurs = name.startsWith('WEIR_') && !name.startsWith('WEIR_TEST_')
    if (!isOurs || given === undefined || known.includes(name)) continue
    const nearest = nearestWord(name, known)
    const hint = nearest === null ? 'docs/config.md lists them.' : `Did you mean ${nearest}?`
    throw new ConfigError(`${name} is not one of the variables that Weir knows. ${hint}`)
  }
}

function clientsIn(environment: Environment): Config['clients'] {
  const clients: Config['clients'] = {}
  for (const { platform, ...variables } of CLIENTS) {
    const [id, secret] = [read(environment, variables.id), read(environment, variables.secret)]
    if (id !== null && secret !== null) clients[platform] = { id, secret }
    if ((id === null) === (secret === null)) continue
    const [missing, given] =
      id === null ? [variables.id, variables.secret] : [variables.secret, variables.id]
    throw new ConfigError(
      `${missing.name} takes ${missing.takes}, and is required beside ${given.name}.`,
    )
  }
  return clients
}

function originsIn(environment: Environment): Config['origins'] {
  const given = BASE_URLS.map((variable) => [variable.name, read(environment, variable)] as const)
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== null))
}
