import {
  type AudiencePoint as AudiencePointModel,
  toAudiencePoint,
} from '../../domain/audience-change.ts'
import type { MetricPoint as MetricPointModel } from '../../domain/history.ts'
import { builder, READ } from '../builder.ts'
import type { Context } from '../context.ts'
import { Account, Audience } from './account.ts'
import {
  checkPoints,
  type HistoryArguments,
  historyArgs,
  historyCost,
  toHistoryQuery,
} from './history-arguments.ts'
import { Metrics } from './normalized.ts'
import { Publication } from './publication.ts'
import { Video } from './video.ts'

const AT =
  'When the interval began, which may be before the window. Without an interval: when the numbers' +
  ' were read.'
const NO_POINT = ' An interval in which nothing was read has no point.'

export const AudiencePoint = builder.objectRef<AudiencePointModel>('AudiencePoint').implement({
  description: "What an account's numbers were.",
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: AT }),
    audience: t.expose('audience', { type: Audience }),
  }),
})

export const MetricPoint = builder.objectRef<MetricPointModel>('MetricPoint').implement({
  description: "What a publication's numbers were.",
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: AT }),
    normalized: t.expose('metrics', { type: Metrics }),
  }),
})

builder.objectField(Account, 'history', (t) =>
  t.field({
    authScopes: READ,
    type: [AudiencePoint],
    description: `What its audience was, oldest first.${NO_POINT}`,
    args: historyArgs,
    complexity: historyCost,
    resolve: async ({ id, platform }, args, context) => {
      const points = await context.loaders.accountHistory.load(id, toHistoryQuery(args, context))
      return checkPoints(points, context).map((point) => toAudiencePoint(platform, point))
    },
  }),
)

builder.objectField(Publication, 'history', (t) =>
  t.field({
    authScopes: READ,
    type: [MetricPoint],
    description: `What its numbers were, oldest first.${NO_POINT}`,
    args: historyArgs,
    complexity: historyCost,
    resolve: ({ id }, args, context) => readHistory(id, args, context),
  }),
)

builder.objectField(Video, 'history', (t) =>
  t.field({
    authScopes: READ,
    type: [MetricPoint],
    description: `What its numbers were, oldest first: those of its publication.${NO_POINT}`,
    args: historyArgs,
    complexity: historyCost,
    resolve: ({ publication }, args, context) => readHistory(publication.id, args, context),
  }),
)

async function readHistory(publicationId: string, args: HistoryArguments, context: Context) {
  const query = toHistoryQuery(args, context)
  return checkPoints(await context.loaders.publicationHistory.load(publicationId, query), context)
}
