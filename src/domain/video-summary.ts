const WEEK_MS = 7 * 24 * 3_600_000

/** The numbers that an engagement rate of videos is made of. Null is unknown. */
export interface RateParts {
  /** Video views where the platform has no views. */
  views: number | null
  likes: number | null
  comments: number | null
  shares: number | null
  bookmarks: number | null
}

/** What is known of an account's tracked videos together. Sums are over those that report. */
export interface VideoSummary extends RateParts {
  /** How many videos are tracked, one at least. */
  videos: number
  /** The platform's own word for bookmarks where it has none. */
  saves: number | null
  /** How many videos report views. */
  viewed: number
  /** How many videos have a known upload date. */
  dated: number
  /** Null where no upload date is known. */
  firstUploadAt: Date | null
  lastUploadAt: Date | null
  /** When one of them was last read; null: none ever was. */
  lastUpdatedAt: Date | null
}

/**
 * (likes + comments + shares + bookmarks) / views * 100, over the parts that are known; null when
 * none is, and without views.
 */
export function engagementRateOf(parts: RateParts): number | null {
  const { views, likes, comments, shares, bookmarks } = parts
  const known = [likes, comments, shares, bookmarks].filter((part) => part !== null)
  if (known.length === 0 || views === null || views === 0) return null
  return (known.reduce((sum, part) => sum + part, 0) * 100) / views
}

/** Views per video that reports them; null when none does. */
export function averageViewsOf({ views, viewed }: VideoSummary): number | null {
  return views === null || viewed === 0 ? null : views / viewed
}

/**
 * Videos a week between the first and the last upload, a week at least; null when no upload date is
 * known.
 */
export function weeklyUploadsOf(summary: VideoSummary): number | null {
  const { dated, firstUploadAt, lastUploadAt } = summary
  if (firstUploadAt === null || lastUploadAt === null) return null
  const weeks = (lastUploadAt.getTime() - firstUploadAt.getTime()) / WEEK_MS
  return dated / Math.max(1, weeks)
}
