import {
  METRIC_FIELDS,
  type MetricField,
  type Metrics as MetricsModel,
} from '../../domain/metric.ts'
import type { MetricTotals as MetricTotalsModel } from '../../domain/totals.ts'
import { builder } from '../builder.ts'

const DESCRIPTIONS: Record<MetricField, string> = {
  likes: 'Likes, or reactions of every kind.',
  comments: 'Comments, or replies.',
  shares: 'Shares, or reposts without words of their own.',
  impressions: 'Times it was shown. Never borrowed from views.',
  views: 'Displays or plays under that name of the platform. Never borrowed from impressions.',
  videoViews: 'Plays of the video.',
  videoViewers: 'Different people who watched. Unique: never added up over publications.',
  videoWatchTimeMs: 'Time watched by everybody together, in milliseconds.',
  engagement:
    "All interactions: the platform's own total where it has one, else likes + comments + shares" +
    ' + saves + quotes + bookmarks + clicks over those that are known.',
  clicks: 'Clicks on links, or on the post.',
  saves: 'Times it was saved.',
  bookmarks: 'Times it was bookmarked.',
  quotes: 'Times it was shared with words added.',
}

export const Metrics = builder.objectRef<MetricsModel>('Metrics').implement({
  description: 'The same thirteen numbers for every platform. Null is unknown; it is never zero.',
  fields: (t) =>
    Object.fromEntries(
      METRIC_FIELDS.map((field) => [
        field,
        t.expose(field, { type: 'Count', nullable: true, description: DESCRIPTIONS[field] }),
      ]),
    ),
})

export const MetricCoverage = builder
  .objectRef<MetricTotalsModel['coverage']>('MetricCoverage')
  .implement({
    description: 'How many publications report each number.',
    fields: (t) => Object.fromEntries(METRIC_FIELDS.map((field) => [field, t.exposeInt(field)])),
  })

export const MetricTotals = builder.objectRef<MetricTotalsModel>('MetricTotals').implement({
  description:
    'Sums, and out of how many rows each was made: an honest total says what it leaves out.',
  fields: (t) => ({
    values: t.expose('values', {
      type: Metrics,
      description:
        'The sums of what is known. Null where no publication reports the number, and where' +
        ' several report one of different people, which cannot be added.',
    }),
    coverage: t.expose('coverage', {
      type: MetricCoverage,
      description: 'Out of how many publications each sum was made.',
    }),
    publications: t.exposeInt('publications', { description: 'How many there are in all.' }),
  }),
})
