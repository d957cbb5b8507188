import type { Order, Page, PageRequest } from '../domain/page.ts'
import type { Publication } from '../domain/publication.ts'
import type { Video, VideoFilter, VideoOrderField } from '../domain/video.ts'
import type { VideoSummary } from '../domain/video-summary.ts'
import type { Db } from '../store/connect.ts'
import { type VideosWanted, videosAt } from '../store/numbered-pages.ts'
import { videoSummariesOfAccounts } from '../store/video-summaries.ts'
import {
  videoCount,
  videoCountsOfAccounts,
  videoPage,
  videoPagesOfAccounts,
  videosByIds,
  videosOfPublications,
} from '../store/videos.ts'
import {
  EMPTY_PAGE,
  type ListLoader,
  type Loader,
  loadLists,
  loadOne,
  loadValue,
  primePage,
  primePages,
} from './batch.ts'

/** The order of a list of videos. */
export type VideoOrder = Order<VideoOrderField>

/** A page of a list of videos: what they must be, in which order, and which slice. */
export interface VideoListRequest extends PageRequest {
  filter: VideoFilter
  order: VideoOrder
}

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
  /** The same for each account's own, by its id: for lists within a list of accounts. */
  videosOfAccount: {
    page: ListLoader<VideoListRequest, Page<Video>>
    count: ListLoader<VideoFilter, number>
    /** Of one account, by their place in its list. */
    at(wanted: VideosWanted): Promise<Video[]>
  }
  /** What is known of an account's videos together, by its id; null: none is tracked. */
  videoSummary: Loader<VideoSummary | null>
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
    videoSummary: loadValue((ids) => videoSummariesOfAccounts(db, workspaceId, ids)),
    videosOfAccount: {
      page: loadLists(
        (ids, request: VideoListRequest) =>
          primePages(videoPagesOfAccounts(db, workspaceId, ids, request), primeRow),
        EMPTY_PAGE,
      ),
      count: loadLists(
        (ids, filter: VideoFilter) => videoCountsOfAccounts(db, workspaceId, ids, filter),
        0,
      ),
      at: (wanted) => primed(videosAt(db, workspaceId, wanted)),
    },
  }
}
