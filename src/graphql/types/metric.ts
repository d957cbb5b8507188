import { metricsOf } from '../../domain/catalog/catalog.ts'
import type { MetricEntry as MetricEntryModel } from '../../domain/entries.ts'
import type { MetricDefinition as MetricDefinitionModel } from '../../domain/metric.ts'
import { PLATFORMS } from '../../domain/platform.ts'
import { builder } from '../builder.ts'
import { enumOf } from '../enums.ts'
import { Platform } from './platform.ts'

const SUBJECTS = ['account', 'post', 'video'] as const

export const MetricSubject = enumOf('MetricSubject', 'What a metric measures.', {
  account: null,
  post: null,
  video: null,
})

export const MetricUnit = enumOf('MetricUnit', "The unit of a platform's own number.", {
  count: null,
  percent: 'Out of a hundred.',
  milliseconds: null,
  seconds: null,
  minutes: null,
  ratio: 'A fraction: 0.5 is a half.',
})

export const MetricAggregation = enumOf(
  'MetricAggregation',
  'How values of this metric may be combined.',
  {
    sum: 'Values of several rows may be added up.',
    latest: 'A standing number: the newest value counts.',
    unique: 'Counts different people: values overlap and are never added up.',
    rate: 'A quotient: never combined, only computed again from its parts.',
  },
)

export const MetricAvailability = enumOf(
  'MetricAvailability',
  'Whether a metric has a value, and if not, why.',
  {
    reported: 'The platform reported a value. Zero is a real zero.',
    not_reported: 'The platform has it, and left it out this time.',
    not_supported: 'The platform never reports it for this kind of content.',
    missing_scope: 'The account did not grant what it takes.',
    not_yet_available: "Never fetched, or inside the platform's own delay.",
    retired: 'The platform has withdrawn it.',
    fetch_failed: 'The last fetch failed.',
  },
)

export const MetricDefinition = builder
  .objectRef<MetricDefinitionModel>('MetricDefinition')
  .implement({
    description: 'One metric of one platform, as the catalogue lists it.',
    fields: (t) => ({
      platform: t.expose('platform', { type: Platform }),
      subject: t.expose('subject', { type: MetricSubject }),
      name: t.exposeString('name', {
        description: "The platform's own name in snake case, such as `impression_count`.",
      }),
      description: t.exposeString('description'),
      unit: t.expose('unit', { type: MetricUnit }),
      aggregation: t.expose('aggregation', { type: MetricAggregation }),
      normalizedAs: t.exposeString('normalizedAs', {
        nullable: true,
        description: 'The field of `Metrics` or `Audience` that it feeds. Null: it feeds none.',
      }),
      requiredScopes: t.exposeStringList('requiredScopes', {
        description: 'Every scope of the platform that the account must have granted.',
      }),
      lag: t.exposeString('lag', {
        nullable: true,
        description: 'How long the platform itself lags behind, ISO 8601. Null: it does not.',
      }),
      retiredOn: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The day (midnight UTC) on which the platform withdrew it. Null: it has not.',
        resolve: ({ retiredOn }) => (retiredOn === null ? null : new Date(`${retiredOn}T00:00Z`)),
      }),
    }),
  })

export const MetricEntry = builder.objectRef<MetricEntryModel>('MetricEntry').implement({
  description: "One metric of the platform's catalogue as it stands for one row.",
  fields: (t) => ({
    name: t.exposeString('name', {
      description: "The platform's own name, such as `impression_count`.",
    }),
    value: t.exposeFloat('value', {
      nullable: true,
      description: 'In the unit of the definition. Null unless availability is REPORTED.',
    }),
    availability: t.expose('availability', { type: MetricAvailability }),
    definition: t.expose('definition', { type: MetricDefinition }),
  }),
})

builder.queryField('metricCatalog', (t) =>
  t.field({
    type: [MetricDefinition],
    description: 'Every metric there is, by platform and subject. Narrowed by the arguments.',
    args: {
      platform: t.arg({ type: Platform }),
      subject: t.arg({ type: MetricSubject }),
    },
    resolve: (_root, { platform, subject }) =>
      PLATFORMS.filter((each) => each === (platform ?? each)).flatMap((each) =>
        SUBJECTS.filter((one) => one === (subject ?? one)).flatMap((one) => metricsOf(each, one)),
      ),
  }),
)
