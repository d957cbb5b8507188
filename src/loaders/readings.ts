import type { MetricPoint, NativePoint } from '../domain/history.ts'
import type { ReadingQuestion } from '../domain/reading.ts'
import type { Db } from '../store/connect.ts'
import { accountReadings, publicationReadings } from '../store/readings.ts'
import { type AnswerLoader, loadAnswers } from './batch.ts'

/** The reads of what numbers were at an instant. */
export interface ReadingLoaders {
  accountReading: AnswerLoader<ReadingQuestion, NativePoint>
  /** A video's is its publication's. */
  publicationReading: AnswerLoader<ReadingQuestion, MetricPoint>
}

/** The reads of single readings of one workspace, for one request. */
export function createReadingLoaders(db: Db, workspaceId: string): ReadingLoaders {
  return {
    accountReading: loadAnswers((questions) => accountReadings(db, workspaceId, questions)),
    publicationReading: loadAnswers((questions) => publicationReadings(db, workspaceId, questions)),
  }
}
