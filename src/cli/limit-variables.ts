import { REFRESH_LIMITS } from '../refresh/dependencies.ts'
import { integer } from './variable.ts'

const KIB = 1024
const MIB = KIB * KIB
const HOUR_MS = 3_600_000
const DAY_SECONDS = 86_400
const YEAR_HOURS = 8784

const R = REFRESH_LIMITS

/** Every limit, by the part that keeps it. The unit is in the name. */
export const LIMITS = {
  answers: {
    bytesMax: integer('WEIR_ANSWER_CACHE_BYTES_MAX', [0, 4096 * MIB], 32 * MIB),
  },
  database: {
    connectionsMax: integer('WEIR_DATABASE_CONNECTIONS_MAX', [1, 1000], 10),
  },
  graphql: {
    aliasesMax: integer('WEIR_GRAPHQL_ALIASES_MAX', [0, 100_000], 100),
    bodyMaxBytes: integer('WEIR_GRAPHQL_BODY_BYTES_MAX', [1024, 64 * MIB], 256 * KIB),
    breadthMax: integer('WEIR_GRAPHQL_BREADTH_MAX', [1, 100_000], 500),
    costMax: integer('WEIR_GRAPHQL_COST_MAX', [1, 10_000_000], 10_000),
    costPerMinute: integer('WEIR_RATE_GRAPHQL_COST_PER_MINUTE', [1, 1_000_000_000], 100_000),
    depthMax: integer('WEIR_GRAPHQL_DEPTH_MAX', [1, 100], 15),
    directivesMax: integer('WEIR_GRAPHQL_DIRECTIVES_MAX', [0, 100_000], 100),
    documentsMaxBytes: integer('WEIR_GRAPHQL_DOCUMENTS_BYTES_MAX', [MIB, KIB * MIB], 64 * MIB),
    introspectionMax: integer('WEIR_GRAPHQL_INTROSPECTION_FIELDS_MAX', [0, 10_000_000], 200_000),
    jsonDepthMax: integer('WEIR_GRAPHQL_JSON_DEPTH_MAX', [1, 1000], 20),
    jsonValuesMax: integer('WEIR_GRAPHQL_JSON_VALUES_MAX', [10, 10_000_000], 2000),
    historyPointsMax: integer('WEIR_HISTORY_POINTS_MAX', [1, 100_000], 1000),
    overviewGroupsMax: integer('WEIR_OVERVIEW_GROUPS_MAX', [1, 100_000], 1000),
    persistedMaxBytes: integer('WEIR_GRAPHQL_PERSISTED_BYTES_MAX', [MIB, KIB * MIB], 8 * MIB),
    readingAgeMaxHours: integer('WEIR_READING_AGE_HOURS_MAX', [1, YEAR_HOURS], 48),
    rootFieldsMax: integer('WEIR_GRAPHQL_ROOT_FIELDS_MAX', [1, 100_000], 20),
    tokensMax: integer('WEIR_GRAPHQL_TOKENS_MAX', [10, 20_000], 4000),
  },
  http: {
    connectionsMax: integer('WEIR_HTTP_CONNECTIONS_MAX', [1, 1_000_000], 10_000),
    requestTimeoutMs: integer('WEIR_REQUEST_TIMEOUT_MS', [100, HOUR_MS], 30_000),
    stallTimeoutMs: integer('WEIR_STALL_TIMEOUT_MS', [100, HOUR_MS], 120_000),
    stopTimeoutMs: integer('WEIR_STOP_TIMEOUT_MS', [0, HOUR_MS], R.stopGraceMs),
  },
  refresh: {
    cooldownHours: integer('WEIR_REFRESH_COOLDOWN_HOURS', [0, YEAR_HOURS], R.cooldownHours),
    monthlyQuota: integer('WEIR_REFRESH_MONTHLY_QUOTA', [0, 1_000_000_000], R.monthlyQuota),
    discoveryMax: integer('WEIR_DISCOVERY_MAX', [0, 100_000], R.discoveryMax),
    listingPagesMax: integer('WEIR_DISCOVERY_PAGES_MAX', [1, 10_000], R.listingPagesMax),
    publicationsMax: integer('WEIR_REFRESH_PUBLICATIONS_MAX', [1, 100_000], R.publicationsMax),
    attempts: integer('WEIR_REFRESH_ATTEMPTS_MAX', [1, 100], R.attempts),
    retryDelaySeconds: integer(
      'WEIR_REFRESH_RETRY_DELAY_SECONDS',
      [1, DAY_SECONDS],
      R.retryDelaySeconds,
    ),
    limitedDelaySeconds: integer(
      'WEIR_REFRESH_LIMITED_DELAY_SECONDS',
      [1, DAY_SECONDS],
      R.limitedDelaySeconds,
    ),
    limitedMaxSeconds: integer(
      'WEIR_REFRESH_LIMITED_SECONDS_MAX',
      [1, 30 * DAY_SECONDS],
      R.limitedMaxSeconds,
    ),
    outageMaxSeconds: integer(
      'WEIR_REFRESH_OUTAGE_SECONDS_MAX',
      [1, 30 * DAY_SECONDS],
      R.outageMaxSeconds,
    ),
    refreshDeadlineMs: integer('WEIR_REFRESH_DEADLINE_MS', [1000, HOUR_MS], R.refreshDeadlineMs),
    snapshotEverySeconds: integer(
      'WEIR_SNAPSHOT_EVERY_SECONDS',
      [60, 365 * DAY_SECONDS],
      R.snapshotEverySeconds,
    ),
    tokenMarginSeconds: integer(
      'WEIR_TOKEN_MARGIN_SECONDS',
      [0, DAY_SECONDS],
      R.tokenMarginSeconds,
    ),
    idempotencySeconds: integer(
      'WEIR_IDEMPOTENCY_SECONDS',
      [1, 30 * DAY_SECONDS],
      R.idempotencySeconds,
    ),
    scheduledMax: integer('WEIR_SCHEDULER_QUEUE_MAX', [1, 10_000], R.scheduledMax),
    concurrency: integer('WEIR_WORKER_CONCURRENCY', [1, 100], R.concurrency),
  },
  rest: {
    refreshBudgetMs: integer('WEIR_REST_REFRESH_BUDGET_MS', [0, 60_000], 2500),
  },
  upstream: {
    attemptsMax: integer('WEIR_UPSTREAM_ATTEMPTS_MAX', [1, 10], 3),
    circuitFailures: integer('WEIR_UPSTREAM_CIRCUIT_FAILURES', [1, 1000], 5),
    circuitSpanMs: integer('WEIR_UPSTREAM_CIRCUIT_SPAN_MS', [1, HOUR_MS], 60_000),
    circuitPauseMs: integer('WEIR_UPSTREAM_CIRCUIT_PAUSE_MS', [1, HOUR_MS], 30_000),
    circuitPauseMaxMs: integer('WEIR_UPSTREAM_CIRCUIT_PAUSE_MS_MAX', [1, HOUR_MS], 300_000),
    bodyMaxBytes: integer('WEIR_UPSTREAM_BODY_BYTES_MAX', [MIB, KIB * MIB], 4 * MIB),
    connectionsMax: integer('WEIR_UPSTREAM_CONNECTIONS_MAX', [1, 1000], 32),
    deadlineMs: integer('WEIR_UPSTREAM_DEADLINE_MS', [100, HOUR_MS], 15_000),
    retryDelayMs: integer('WEIR_UPSTREAM_RETRY_DELAY_MS', [1, HOUR_MS], 250),
  },
}
