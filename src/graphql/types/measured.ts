import type { Account } from '../../domain/account.ts'
import { entriesOf } from '../../domain/entries.ts'
import type { Publication } from '../../domain/publication.ts'
import type { SyncState } from '../../domain/sync.ts'
import type { Video } from '../../domain/video.ts'
import { builder, READ } from '../builder.ts'
import type { Context } from '../context.ts'
import { enumOf } from '../enums.ts'
import { MetricEntry } from './metric.ts'

/** A row that has metrics. A video's are those of its publication. */
export type MeasuredRow = Account | Publication | Video

export const SyncStatus = enumOf('SyncStatus', 'How the last refresh of a row ended.', {
  synced: 'Everything that the platform has came back.',
  partial: 'Something is missing; `warnings` says what.',
  pending: 'Not read yet.',
  failed: 'The platform did not answer as it should; the numbers are those of before.',
  requires_reconnect: 'The account must be connected again; the numbers are those of before.',
})

export const Freshness = builder.objectRef<SyncState>('Freshness').implement({
  description: 'How fresh the numbers of a row are, and how the last refresh ended.',
  fields: (t) => ({
    status: t.expose('syncStatus', { type: SyncStatus }),
    warnings: t.exposeStringList('warnings', {
      description:
        'Sentences about what is incomplete or soon will be, in the order they were raised in.',
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'Why the last refresh failed. Null: it did not.',
    }),
    lastUpdatedAt: t.expose('lastUpdatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the platform last answered for this row. Null: it never did.',
    }),
    staleAfter: t.expose('staleAfter', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when the numbers count as fresh. After a final answer, such as that the platform no' +
        ' longer shows it, the time from which it is worth asking again. Null: there was neither.',
    }),
    isStale: t.boolean({
      description:
        'Whether `staleAfter` has passed, or there is none: a refresh would read the row again.',
      resolve: ({ staleAfter }, _args, { time }) =>
        staleAfter === null || staleAfter <= time.changingAt(staleAfter),
    }),
  }),
})

export const Measured = builder.interfaceRef<MeasuredRow>('Measured').implement({
  description: 'What every measured thing shares: how fresh it is, and every metric as a list.',
  resolveType: (row) =>
    ({ account: 'Account', post: 'Publication', video: 'Video' })[subjectOf(row)],
  fields: (t) => ({
    freshness: t.field({ type: Freshness, resolve: stateOf }),
    entries: t.field({
      authScopes: READ,
      type: [MetricEntry],
      description:
        "One entry per metric in the platform's catalogue, reported or not, and why not.",
      args: {
        names: t.arg.stringList({
          description: "The platform's own names. Left out: all. Unknown names have no entry.",
        }),
      },
      resolve: async (row, { names }, context) =>
        entriesOf(await measuredOf(row, context), context.time.today(), names ?? null),
    }),
    rawMetrics: t.field({
      authScopes: READ,
      type: 'JSON',
      nullable: true,
      description:
        "The platform's own answer, untouched. Null: none is stored, as of imported numbers.",
      resolve: (row, _args, { loaders }) => {
        const subject = measurableOf(row)
        return 'accountId' in subject
          ? loaders.publicationPayload.load(subject.id)
          : loaders.accountPayload.load(subject.id)
      },
    }),
  }),
})

function measurableOf(row: MeasuredRow): Account | Publication {
  return 'publication' in row ? row.publication : row
}

function stateOf(row: MeasuredRow): SyncState {
  return measurableOf(row)
}

function subjectOf(row: MeasuredRow) {
  if ('publication' in row) return 'video'
  return 'accountId' in row ? 'post' : 'account'
}

async function measuredOf(row: MeasuredRow, { loaders }: Context) {
  const state = measurableOf(row)
  const account = 'accountId' in state ? await loaders.account.load(state.accountId) : state
  return {
    platform: state.platform,
    subject: subjectOf(row),
    contentType: 'contentType' in state ? state.contentType : null,
    publishedAt: 'publishedAt' in state ? state.publishedAt : null,
    scopes: account?.scopes ?? null,
    state,
  } as const
}
