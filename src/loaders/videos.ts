import type { Order, Page, PageRequest } from '../domain/page.ts'
import type { Publication } from '../domain/publication.ts'
import type { Video, VideoFilter, VideoOrderField } from '../domain/video.ts'
import type { Db } from '../store/connect.ts'
import { videoCount, videoPage, videosByIds, videosOfPublications } from '../store/videos.ts'
import { type Loader, loadOne, primePage } from './batch.ts'

/** The order of a list of videos. */
export type VideoOrder = Order<VideoOrderField>

/** The reads of videos. */
export interface VideoLoaders {
  /** By the record's id; null: the workspace has none with it. */
  video: Loader<Video | null>
  /** By publication; null: the publication is no video. */
  videoOfPublication: Loader<Video | null>
  videos: {
    page(filter: VideoFilter, order: VideoOrder, page: PageRequest): Promise<Page<Video>>
    count(filter: VideoFilter): Promise<number>
  }
}

/** The reads of videos of one workspace, for one request. */
export function createVideoLoaders(
  db: Db,
  workspaceId: string,
  primePublication: (row: Publication) => void,
): VideoLoaders {
  const primed = async (rows: Promise<Video[]>) => {
    for (const row of await rows) primeRow(row)
    return rows
  }
  const video = loadOne(
    (ids) => primed(videosByIds(db, workspaceId, ids)),
    (row: Video) => row.id,
  )
  const videoOfPublication = loadOne(
    (ids) => primed(videosOfPublications(db, workspaceId, ids)),
    (row: Video) => row.publication.id,
  )
  const primeRow = (row: Video) => {
    video.prime(row.id, row)
    videoOfPublication.prime(row.publication.id, row)
    primePublication(row.publication)
  }
  return {
    video,
    videoOfPublication,
    videos: {
      page: (filter, order, page) =>
        primePage(videoPage(db, workspaceId, filter, { ...page, order }), primeRow),
      count: (filter) => videoCount(db, workspaceId, filter),
    },
  }
}
