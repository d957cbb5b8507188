import type { ExportedPoint, ExportedPublication, HistoryExport } from '../domain/export.ts'
import type { Cursor } from '../domain/page.ts'
import type { PublicationFilter } from '../domain/publication.ts'
import type { Db } from '../store/connect.ts'
import { exportedPublications } from '../store/export.ts'
import { exportedHistories, type HistoryPlace } from '../store/history-export.ts'

/**
 * Everything that matches, page by page, each in one statement. The next one is sent when the next
 * page is asked for: between two of them nothing is open in the database.
 */
export interface ExportLoaders {
  /** Oldest recorded first. */
  exportPublications(filter: PublicationFilter): AsyncGenerator<ExportedPublication[]>
  /** Subject by subject, the oldest point of each first. A page can be empty. */
  exportHistory(wanted: HistoryExport): AsyncGenerator<ExportedPoint[]>
}

/** How much one statement of an export reads. */
export interface ExportPages {
  rows: number
  /** Subjects of the first page of histories; of later ones as many as fill a page. */
  subjects: number
}

const PAGES: ExportPages = { rows: 500, subjects: 50 }

// Nearly full: what is read beyond a full page is read again for the next one.
const FILLED = 0.8

/** The exports of one workspace. Pages are forgotten once they are handed over. */
export function createExportLoaders(
  db: Db,
  workspaceId: string,
  pages: ExportPages = PAGES,
): ExportLoaders {
  return {
    async *exportPublications(filter) {
      let after: Cursor | null = null
      do {
        const request = { limit: pages.rows, after, before: null, backwards: false }
        const page = await exportedPublications(db, workspaceId, filter, request)
        yield page.rows.map(({ row }) => row)
        after = page.hasNextPage ? (page.rows.at(-1)?.cursor ?? null) : null
      } while (after !== null)
    },
    async *exportHistory(wanted) {
      let after: HistoryPlace | null = null
      let { subjects } = pages
      do {
        const request = { after, subjects, points: pages.rows }
        const page = await exportedHistories(db, workspaceId, wanted, request)
        yield page.points
        subjects = subjectsFor(page.points.length, page.subjects, pages.rows)
        after = page.next
      } while (after !== null)
    },
  }
}

// As many subjects as are likely to fill a page, by those of the last one.
function subjectsFor(points: number, subjects: number, rows: number): number {
  const pointsOfOne = Math.max(points, 1) / Math.max(subjects, 1)
  return Math.min(Math.max(Math.floor((rows * FILLED) / pointsOfOne), 1), rows)
}
