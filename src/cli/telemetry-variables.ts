import { z } from 'zod'
import { integer, text, type Variable } from './variable.ts'

const TOKEN_LENGTH_MIN = 16
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** Where spans go, and which. */
export interface TraceRules {
  /** Takes OTLP over HTTP. */
  url: string
  serviceName: string
  sampler: (typeof SAMPLERS)[number]
  /** The part of traces that samplers by ratio keep, from 0 to 1. */
  ratio: number
}

/** Who may read what a process tells of its work. */
export interface TelemetryRules {
  /** The port of its own where metrics are served; 0: any free one; null: none. */
  metricsPort: number | null
  /** What whoever reads metrics has to show; null: they are on no port but their own. */
  metricsToken: string | null
  /** Whether every request is a line of the log. */
  logRequests: 'on' | 'off'
  /** Null: nothing is traced. */
  trace: TraceRules | null
}

const METRICS_PORT = integer('WEIR_METRICS_PORT', [0, 65_535], null)
const METRICS_TOKEN: Variable<string | null> = {
  ...{ name: 'WEIR_METRICS_TOKEN', fallback: null, isSecret: true },
  takes: `at least ${TOKEN_LENGTH_MIN} characters that a header can hold, without spaces`,
  schema: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .min(TOKEN_LENGTH_MIN),
}
const LOG_REQUESTS: Variable<'on' | 'off'> = {
  ...{ name: 'WEIR_LOG_REQUESTS', takes: '"on" or "off"', fallback: 'off' },
  ...{ schema: z.string().pipe(z.enum(['on', 'off'])), isSecret: false },
}
const ENDPOINT = collector('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318')
const TRACES_ENDPOINT = collector(
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'http://127.0.0.1:4318/v1/traces',
)
const SERVICE_NAME = text('OTEL_SERVICE_NAME', 'a name', 'weir')
const SAMPLER: Variable<TraceRules['sampler']> = {
  ...{ name: 'OTEL_TRACES_SAMPLER', takes: `one of ${SAMPLERS.join(', ')}`, isSecret: false },
  ...{ fallback: 'parentbased_always_on', schema: z.string().pipe(z.enum(SAMPLERS)) },
}
const RATIO: Variable<number> = {
  ...{ name: 'OTEL_TRACES_SAMPLER_ARG', takes: 'a number from 0 to 1', fallback: 1 },
  ...{ isSecret: false },
  schema: z
    .string()
    .regex(/^[\d.]+$/)
    .transform(Number)
    .pipe(z.number().min(0).max(1)),
}

/** The variables of metrics, request logs and traces. */
export const TELEMETRY_VARIABLES = [
  ...[METRICS_PORT, METRICS_TOKEN, LOG_REQUESTS],
  ...[ENDPOINT, TRACES_ENDPOINT, SERVICE_NAME, SAMPLER, RATIO],
]

/** What the variables say. */
export function telemetryRulesIn(
  value: <Value>(variable: Variable<Value>) => Value,
): TelemetryRules {
  const endpoint = value(ENDPOINT)
  const url = value(TRACES_ENDPOINT) ?? (endpoint && `${endpoint.replace(/\/+$/, '')}/v1/traces`)
  const how = { serviceName: value(SERVICE_NAME), sampler: value(SAMPLER), ratio: value(RATIO) }
  return {
    metricsPort: value(METRICS_PORT),
    metricsToken: value(METRICS_TOKEN),
    logRequests: value(LOG_REQUESTS),
    trace: url === null ? null : { url, ...how },
  }
}

function collector(name: string, example: string): Variable<string | null> {
  const isUrl = (url: string) => /^https?:/.test(url) && URL.canParse(url)
  const takes = `an http or https URL, such as ${example}`
  return { name, takes, fallback: null, schema: z.string().refine(isUrl), isSecret: true }
}
