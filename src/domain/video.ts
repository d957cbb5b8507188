import type { Platform } from './platform.ts'
import type { Publication } from './publication.ts'

/** The analytics record of a video publication. */
export interface Video {
  workspaceId: string
  /** The record's own id, as imports and other systems use it. */
  id: string
  /** The id that other systems know the video by; the platform's post id unless one was given. */
  videoId: string
  publication: Publication
  /** (likes + comments + shares + bookmarks) / views in percent, over the parts that are known. */
  engagementRate: number | null
}

/** What a list of videos may be narrowed to. The window is of upload dates, inclusive. */
export interface VideoFilter {
  accountId?: string | null
  platform?: Platform | null
  uploadedFrom?: Date | null
  uploadedTo?: Date | null
}

/** The columns that videos can be ordered by. */
export const VIDEO_ORDER_FIELDS = ['uploadDate', 'views', 'likes', 'engagementRate'] as const

/** A column that videos can be ordered by. */
export type VideoOrderField = (typeof VIDEO_ORDER_FIELDS)[number]
