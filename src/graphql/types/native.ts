import {
  CATALOG,
  type MetricFieldSource,
  metricFields,
  type Statistic as StatisticModel,
  statisticsOf,
} from '../../domain/catalog/catalog.ts'
import type { MetricDefinition, MetricSubject, NativeNumbers } from '../../domain/metric.ts'
import { reportedValue } from '../../domain/native.ts'
import { PLATFORM_LABELS, PLATFORMS, type Platform } from '../../domain/platform.ts'
import { builder } from '../builder.ts'

/** A platform's own numbers of one row. */
export interface NativeReading {
  platform: Platform
  native: NativeNumbers
}

/**
 * What the numbers of a row are read from; null before the first successful refresh. An object of
 * its own: whatever was found by its global id is known as an object of its own type ever after.
 */
export function nativeReading(
  row: NativeReading & { lastUpdatedAt: Date | null },
): NativeReading | null {
  const { platform, native, lastUpdatedAt } = row
  return lastUpdatedAt === null ? null : { platform, native }
}

const NOUNS = { account: 'Account', post: 'Post', video: 'Video' } as const
const SCALARS = { count: 'Count', decimal: 'Float', flag: 'Boolean' } as const

export const Statistic = builder.objectRef<StatisticModel>('Statistic').implement({
  description: "A number under a name that only the platform's answer knows.",
  fields: (t) => ({
    key: t.exposeString('key'),
    value: t.exposeFloat('value'),
  }),
})

export const AccountMetrics = unionOf('account', "An account's numbers as its platform names them.")
export const PostMetrics = unionOf('post', "A publication's numbers as its platform names them.")
export const VideoMetrics = unionOf('video', "A video's numbers as its platform names them.")

/** What the member of a platform's union is called. */
export function memberName(platform: Platform, subject: MetricSubject): string {
  return `${PLATFORM_LABELS[platform]}${NOUNS[subject]}Metrics`
}

function unionOf(subject: MetricSubject, description: string) {
  return builder.unionType(`${NOUNS[subject]}Metrics`, {
    description,
    types: PLATFORMS.map((platform) => memberOf(platform, subject)),
    resolveType: ({ platform }) => memberName(platform, subject),
  })
}

function memberOf(platform: Platform, subject: MetricSubject) {
  const member = builder.objectRef<NativeReading>(memberName(platform, subject)).implement({
    description: `${PLATFORM_LABELS[platform]}'s own numbers. Null is not reported, never zero.`,
  })
  for (const source of metricFields(platform, subject)) addMetric(member, source)
  const statistics = CATALOG[platform].statistics[subject]
  if (statistics !== undefined) {
    builder.objectField(member, statistics.field, (t) =>
      t.field({
        type: [Statistic],
        description: statistics.description,
        resolve: ({ native }) => statisticsOf(platform, subject, native),
      }),
    )
  }
  return member
}

function addMetric(member: ReturnType<typeof memberOf>, { field, metrics }: MetricFieldSource) {
  const [first] = metrics
  if (first === undefined) return
  builder.objectField(member, field, (t) =>
    t.field({
      type: SCALARS[first.kind],
      nullable: true,
      description: describe(first),
      resolve: ({ native }) => firstReported(metrics, native),
    }),
  )
}

// Of several names that fill one field, the first that is reported counts.
function firstReported(metrics: readonly MetricDefinition[], native: NativeNumbers) {
  for (const metric of metrics) {
    const value = reportedValue(metric, native)
    if (value !== null) return metric.kind === 'flag' ? value !== 0 : value
  }
  return null
}

function describe(metric: MetricDefinition): string {
  const unit = metric.unit === 'count' ? [] : [`In ${metric.unit}.`]
  const scopes = metric.requiredScopes.length === 0 ? [] : [`Takes ${metric.requiredScopes}.`]
  const retired = metric.retiredOn === null ? [] : [`Retired on ${metric.retiredOn}.`]
  return [metric.description, ...unit, ...scopes, ...retired, `\`${metric.name}\``].join(' ')
}
