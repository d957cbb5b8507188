import { byPlatform, type FaultCase, never, type Strike, UNHURT } from './case.ts'

const metrics =
  (kind: 'retired_metric' | 'absent_metric') =>
  (...names: string[]): Strike[] =>
    names.map((metric) => ({ fault: { kind, metric } }))
const retired = metrics('retired_metric')
const absent = metrics('absent_metric')

/** Faults of single publications and of single metrics. */
export const CONTENT_CASES: readonly FaultCase[] = [
  {
    key: 'deleted',
    title: 'Deleted content',
    what: 'The newest publication has been deleted on the platform.',
    strike: ({ newest, now }) => {
      newest.content = { deletedAt: now() }
      return []
    },
    isOfOneItem: true,
    ending: { ...UNHURT, publication: 'failed, old', refresh: 'partial' },
  },
  {
    key: 'hidden',
    title: 'Hidden content',
    what: 'The newest publication is still there, and not for this account’s token.',
    strike: ({ newest }, id) => {
      newest.content = { isPrivate: true }
      return [{ id, fault: { kind: 'forbidden' } }]
    },
    isOfOneItem: true,
    ending: { ...UNHURT, publication: 'failed, old', refresh: 'partial' },
  },
  {
    key: 'retired_metric',
    title: 'Metric withdrawn',
    what:
      'A metric of the account and one of its content are withdrawn overnight: a call that names ' +
      'one of them is refused as a whole.',
    strike: byPlatform({
      facebook: retired('page_views_total', 'post_clicks'),
      instagram: retired('reach', 'saved'),
      linkedin: retired('VIEWER'),
      tiktok: retired('likes_count', 'share_count'),
      x: never('numbers are asked for by the group, and a group leaves out what is gone'),
      youtube: retired('shares'),
    }),
    // It is not asked for again that day.
    ending: {
      ...UNHURT,
      account: 'synced, less',
      publication: 'synced, less',
      after: ['synced, less', 'synced, less'],
    },
    but: {
      // A refusal does not say whether the metric is gone or only this video's number, which stays.
      linkedin: UNHURT,
      // What one channel's reports refuse is not withdrawn for that, and what is stored stays.
      youtube: {
        ...{ account: 'synced, new', publication: 'partial, new' },
        after: ['synced, new', 'partial, new'],
      },
    },
  },
  {
    key: 'absent_metric',
    title: 'Metric left out',
    what: 'A metric of the account and one of its content are no longer in the answers.',
    strike: byPlatform({
      facebook: absent('page_views_total', 'post_clicks'),
      instagram: absent('reach', 'saved'),
      linkedin: absent('share_statistics_like_count'),
      tiktok: absent('likes_count', 'share_count'),
      x: absent('listed_count', 'quote_count'),
      youtube: absent('video_count', 'view_count'),
    }),
    ending: { ...UNHURT, account: 'partial, less', publication: 'partial, less' },
  },
]
