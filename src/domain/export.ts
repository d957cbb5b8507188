import type { HistoryQuery } from './history.ts'
import type { Metrics, NativeNumbers } from './metric.ts'
import type { Platform } from './platform.ts'
import type { Publication, PublicationFilter } from './publication.ts'

/** A publication, and what its account is called. */
export interface ExportedPublication {
  publication: Publication
  /** Null: the account's platform did not tell. */
  accountHandle: string | null
}

/** What histories can be exported of. */
export const HISTORY_SUBJECTS = ['account', 'publication', 'video'] as const

/** What a history is of. A video's numbers are those of its publication. */
export type HistorySubject = (typeof HISTORY_SUBJECTS)[number]

/** Whose histories are wanted, and which part of them. */
export interface HistoryExport extends Omit<HistoryQuery, 'limit'> {
  subject: HistorySubject
  /** Only the subjects with these ids; null: whatever their ids. */
  ids: readonly string[] | null
  /** What their publications must be; of accounts, the platform alone counts. */
  filter: PublicationFilter
}

/** What a subject's numbers were at one point. */
export interface ExportedPoint {
  /** The subject's own id: a video's is that of its record. */
  id: string
  /** The publication that the numbers are of; null: they are an account's. */
  publicationId: string | null
  accountId: string
  accountHandle: string | null
  platform: Platform
  /** When the stretch began; without an interval, when the numbers were read. */
  at: Date
  /** The thirteen numbers; null: an account has none of them. */
  metrics: Metrics | null
  native: NativeNumbers
}
