import { AppError } from '../../domain/errors.ts'
import { METRIC_FIELDS, type Metrics } from '../../domain/metric.ts'
import {
  changeOf,
  type OverviewDimension as Dimension,
  type OverviewGroup as OverviewGroupModel,
  type OverviewQuestion,
  windowsOf,
} from '../../domain/overview.ts'
import { checkTimeZone } from '../../domain/time-zone.ts'
import { builder } from '../builder.ts'
import { enumOf } from '../enums.ts'
import { present } from '../present.ts'
import { Account } from './account.ts'
import { ContentType } from './content-type.ts'
import { MetricTotals } from './normalized.ts'
import { Platform } from './platform.ts'
import { PublicationFilter, toPublicationFilter } from './publication-arguments.ts'

const DIMENSIONS_MAX = 2
// What an overview's list of groups is taken to hold: a few weeks by day and platform.
const GROUPS_COST = 100

const RATE =
  'Interactions over views (or impressions), in percent, of the sums over the publications that' +
  ' report both. Null when the divisor is unknown or zero.'
const BEFORE =
  'The window is that of `from` and `to`, or of `publishedFrom` and `publishedTo`, whichever has' +
  ' both ends; null when neither has, or both have.'

/** An overview of one window: 0 is the filter's own, 1 the one of the same length before it. */
interface OverviewModel {
  question: OverviewQuestion
  window: number
}

export const OverviewDimension = enumOf<Dimension>(
  'OverviewDimension',
  'What an overview can be grouped by. Times are those of `publishedAt`, of `createdAt` where that' +
    ' is unknown, in the time zone that was asked for.',
  {
    platform: null,
    account: null,
    contentType: null,
    day: null,
    week: 'From Monday to Sunday.',
    month: null,
    weekday: 'Every Monday together, every Tuesday together, and so on.',
    hourOfDay: 'The same hour of every day together.',
  },
)

export const MetricChange = builder.objectRef<Metrics>('MetricChange').implement({
  description:
    'Changes as fractions: 0.5 is half as much again. Null where either side is unknown or the' +
    ' base is zero.',
  fields: (t) =>
    Object.fromEntries(
      METRIC_FIELDS.map((field) => [field, t.exposeFloat(field, { nullable: true })]),
    ),
})

export const OverviewGroup = builder.objectRef<OverviewGroupModel>('OverviewGroup').implement({
  description:
    'The publications that share what they are grouped by. What they are not grouped by is null.',
  fields: (t) => ({
    platform: t.expose('platform', { type: Platform, nullable: true }),
    account: t.field({
      type: Account,
      nullable: true,
      resolve: async ({ accountId }, _args, { loaders }) =>
        accountId === null ? null : present(await loaders.account.load(accountId)),
    }),
    contentType: t.expose('contentType', { type: ContentType, nullable: true }),
    bucket: t.expose('bucket', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the day, the week or the month began, which may be before the window. Of two of' +
        ' them, the later beginning.',
    }),
    weekday: t.exposeInt('weekday', {
      nullable: true,
      description: 'From 1 for Monday to 7 for Sunday.',
    }),
    hour: t.exposeInt('hour', { nullable: true, description: 'From 0 to 23.' }),
    totals: t.field({ type: MetricTotals, resolve: (group) => group }),
    engagementRate: t.exposeFloat('engagementRate', { nullable: true, description: RATE }),
  }),
})

export const Overview = builder.objectRef<OverviewModel>('Overview')

Overview.implement({
  description: 'What publications reached together. Only what is selected is computed.',
  fields: (t) => ({
    totals: t.field({
      type: MetricTotals,
      resolve: ({ question, window }, _args, { loaders }) =>
        loaders.overview.totals(question, window),
    }),
    engagementRate: t.float({
      nullable: true,
      description: RATE,
      resolve: async ({ question, window }, _args, { loaders }) =>
        (await loaders.overview.totals(question, window)).engagementRate,
    }),
    groups: t.field({
      type: [OverviewGroup],
      description:
        'Those that have publications: in the order of time, or the largest first where they are' +
        ' not grouped by time. Empty without `groupBy`.',
      complexity: { field: GROUPS_COST, multiplier: GROUPS_COST },
      resolve: ({ question, window }, _args, { loaders }) =>
        question.groupBy.length === 0 ? [] : loaders.overview.groups(question, window),
    }),
    previous: t.field({
      type: Overview,
      nullable: true,
      description: `The window of the same length just before. ${BEFORE}`,
      resolve: previousOf,
    }),
    change: t.field({
      type: MetricChange,
      nullable: true,
      description: `The change of the totals from those of \`previous\`. ${BEFORE}`,
      resolve: async (overview, _args, { loaders }) => {
        const previous = previousOf(overview)
        if (previous === null) return null
        const [now, before] = await Promise.all(
          [overview, previous].map((each) => loaders.overview.totals(each.question, each.window)),
        )
        return now && before ? changeOf(now.values, before.values) : null
      },
    }),
  }),
})

builder.queryField('overview', (t) =>
  t.field({
    type: Overview,
    description:
      'Totals of the publications that match, in groups if asked for, and beside those of the' +
      ' window before.',
    args: {
      filter: t.arg({ type: PublicationFilter }),
      groupBy: t.arg({
        type: [OverviewDimension],
        description: `${DIMENSIONS_MAX} at most, and none twice.`,
      }),
      timeZone: t.arg.string({
        description:
          'Whose clock says which day, weekday and hour it is: an IANA name such as' +
          ' `Europe/Berlin`. Left out: UTC.',
      }),
    },
    resolve: (_root, { filter, groupBy, timeZone }, { limits }) => ({
      question: {
        filter: toPublicationFilter(filter),
        groupBy: checkDimensions(groupBy ?? []),
        timeZone: checkTimeZone(timeZone ?? 'UTC'),
        groupsMax: limits.overviewGroupsMax,
      },
      window: 0,
    }),
  }),
)

function previousOf({ question, window }: OverviewModel): OverviewModel | null {
  return windowsOf(question.filter) === null ? null : { question, window: window + 1 }
}

function checkDimensions(groupBy: readonly Dimension[]): readonly Dimension[] {
  const isTwice = new Set(groupBy).size < groupBy.length
  if (!isTwice && groupBy.length <= DIMENSIONS_MAX) return groupBy
  const message = isTwice
    ? '`groupBy` names a dimension twice.'
    : `\`groupBy\` takes ${DIMENSIONS_MAX} dimensions at most, not ${groupBy.length}.`
  throw new AppError('BAD_USER_INPUT', message, 'groupBy')
}
