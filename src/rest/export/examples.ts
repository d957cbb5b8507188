import type { ExportedPoint, ExportedPublication } from '../../domain/export.ts'
import { UNKNOWN_METRICS } from '../../domain/normalize.ts'
import { HISTORY_COLUMNS, PUBLICATION_COLUMNS } from './columns.ts'
import { type Column, createWriter, type Format } from './formats.ts'
import { createInstantText } from './instants.ts'

const PUBLICATION: ExportedPublication = {
  accountHandle: 'acme',
  publication: {
    ...{ workspaceId: 'acme', id: 'pub_1', postId: 'post_1', accountId: 'acc_1', platform: 'x' },
    platformPostId: '1789456123012345678',
    url: 'https://x.com/acme/status/1789456123012345678',
    text: 'Our new line is out.',
    ...{ contentType: 'video', thumbnailUrl: null, durationSeconds: 45.5 },
    createdAt: new Date('2026-06-23T08:16:00Z'),
    publishedAt: new Date('2026-06-23T08:15:31Z'),
    ...{ dueAt: null, timesGone: 0 },
    metrics: { ...UNKNOWN_METRICS, likes: 0, impressions: 3_412_345_678, engagement: 12_040 },
    engagementRate: 0.000352836541,
    ...{ syncStatus: 'partial', warnings: ['X did not report reply_count.'], errorMessage: null },
    lastUpdatedAt: new Date('2026-06-29T09:00:00Z'),
    staleAfter: new Date('2026-06-29T15:00:00Z'),
    ...{ missing: {}, native: { like_count: 0, impression_count: 3_412_345_678 } },
  },
}

const POINT: ExportedPoint = {
  ...{ id: 'acc_1', publicationId: null, accountId: 'acc_1', accountHandle: 'acme' },
  ...{ platform: 'x', at: new Date('2026-06-28T22:00:00Z'), metrics: null },
  native: { followers_count: 1204, following_count: 0, listed_count: 3 },
}

function written<Row>(format: Format, columns: readonly Column<Row>[], row: Row): string {
  const instantText = createInstantText('Europe/Berlin')
  const at = (instant: Date | null) => (instant === null ? null : instantText(instant))
  const { head, lines } = createWriter(format, columns, { at, bom: false })
  return `${head}${lines([row])}`
}

/** An export of one publication. */
export const PUBLICATIONS_CSV = written('csv', PUBLICATION_COLUMNS, PUBLICATION)
/** The same in NDJSON. */
export const PUBLICATIONS_NDJSON = written('ndjson', PUBLICATION_COLUMNS, PUBLICATION)
/** An export of one point of an account's history. */
export const HISTORY_CSV = written('csv', HISTORY_COLUMNS.account, POINT)
/** The same in NDJSON. */
export const HISTORY_NDJSON = written('ndjson', HISTORY_COLUMNS.account, POINT)
