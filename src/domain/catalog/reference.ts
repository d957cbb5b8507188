import { CONTENT_TYPES, VIDEO_CONTENT_TYPES } from '../content.ts'
import {
  AUDIENCE_FIELDS,
  type AudienceField,
  METRIC_FIELDS,
  type MetricAggregation,
  type MetricDefinition,
  type MetricField,
  type MetricSubject,
} from '../metric.ts'
import { PLATFORM_LABELS, PLATFORMS, type Platform } from '../platform.ts'
import { CATALOG, metricsOf } from './catalog.ts'

const SUBJECTS: MetricSubject[] = ['account', 'post', 'video']

const AGGREGATIONS: Record<MetricAggregation, string> = {
  sum: 'sum: values of several rows add up',
  latest: 'latest: the newest reading replaces the older ones',
  unique: 'unique: counts different people, so values never add up',
  rate: 'rate: an average or a fraction, so values never add up',
}

const INTRODUCTION = `# Metrics

Every number that Weir knows, by platform and subject, under the platform's own name. This page is
made from the catalogue by \`npm run codegen\`; the same entries are the answer of the GraphQL
query \`metricCatalog\`, and \`entries\` lists them for one account, publication or video.

A number that a platform does not report is null, with the reason beside it. It is never zero.`

const RULES = `Of several names in a cell, the first that is reported counts. An empty cell is always null.

Where a platform reports no total of its own, \`engagement\` adds up those of likes, comments,
shares, saves, quotes, bookmarks and clicks that are known; what the platform shows for some days
only is left out, so that a history never drops on that day. The numbers of a video feed those of
its publication where its kind is one of: ${VIDEO_CONTENT_TYPES.join(', ')}. Times are converted to
milliseconds.`

/** The text of docs/metrics.md: every metric of the catalogue under a heading of its own. */
export function renderMetricReference(): string {
  const platforms = PLATFORMS.flatMap((platform) => [
    `## ${PLATFORM_LABELS[platform]}`,
    ...SUBJECTS.flatMap((subject) => subjectSection(platform, subject)),
  ])
  return `${[INTRODUCTION, ...normalizedSection(), ...platforms].join('\n\n')}\n`
}

function normalizedSection(): string[] {
  return [
    '## Normalized numbers',
    RULES,
    '### Publications',
    sourceTable(METRIC_FIELDS, ['post', 'video']),
    '### Accounts',
    sourceTable(AUDIENCE_FIELDS, ['account']),
  ]
}

function sourceTable(
  fields: readonly (MetricField | AudienceField)[],
  subjects: readonly MetricSubject[],
): string {
  const rows = fields.map((field) => [
    code(field),
    ...PLATFORMS.map((platform) => sourcesOf(platform, subjects, field)),
  ])
  const header = ['', ...PLATFORMS.map((platform) => PLATFORM_LABELS[platform])]
  return [header, header.map(() => '---'), ...rows].map(tableRow).join('\n')
}

function sourcesOf(
  platform: Platform,
  subjects: readonly MetricSubject[],
  field: MetricField | AudienceField,
): string {
  const names = subjects
    .flatMap((subject) => metricsOf(platform, subject))
    .filter((metric) => metric.normalizedAs === field)
    .map((metric) => code(metric.name))
  if (names.length === 0 && field === 'engagement') return 'added up'
  return [...new Set(names)].join(', ')
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function subjectSection(platform: Platform, subject: MetricSubject): string[] {
  const statistics = CATALOG[platform].statistics[subject]
  const open = statistics === undefined ? [] : [statisticsSection(statistics)]
  return [
    `### ${PLATFORM_LABELS[platform]}: ${subject}`,
    ...metricsOf(platform, subject).flatMap(metricSection),
    ...open,
  ]
}

function statisticsSection(statistics: { field: string; description: string; prefix: string }) {
  const names = statistics.prefix === '' ? 'any name' : `names that begin with ${statistics.prefix}`
  return `#### ${statistics.field}\n\n${statistics.description}\n\n- a list: ${names}`
}

function metricSection(metric: MetricDefinition): string[] {
  const facts = [
    `unit: ${metric.unit}`,
    AGGREGATIONS[metric.aggregation],
    fact('normalized as', metric.normalizedAs),
    fact('GraphQL field', metric.field),
    fact('name at the platform', metric.wire === metric.name ? null : metric.wire),
    fact('scopes', metric.requiredScopes.join(' ') || null),
    metric.visibleDays === null ? null : `shown for: ${metric.visibleDays} days`,
    metric.lag === null ? null : `lag: ${metric.lag}`,
    metric.retiredOn === null ? null : `retired on ${metric.retiredOn}`,
    metric.optional ? 'may be left out with nothing being wrong' : null,
    metric.contentTypes === null ? null : `kinds of content: ${kinds(metric.contentTypes)}`,
  ]
  const list = facts.filter((each) => each !== null).map((each) => `- ${each}`)
  return [`#### ${metric.name}`, metric.description, list.join('\n')]
}

function fact(label: string, value: string | null): string | null {
  return value === null ? null : `${label}: ${value.split(' ').map(code).join(', ')}`
}

function kinds(types: NonNullable<MetricDefinition['contentTypes']>): string {
  if (types.length === 0) return 'none'
  const others = CONTENT_TYPES.filter((type) => !types.includes(type))
  return others.length < types.length ? `all but ${others.join(', ')}` : types.join(', ')
}

function code(text: string): string {
  return `\`${text}\``
}
