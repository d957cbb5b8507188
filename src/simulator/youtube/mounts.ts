import type { Mount } from '../simulation.ts'
import { channelsRoute } from './channels.ts'
import { refuseYoutube, unknownPath } from './errors.ts'
import { playlistItemsRoute } from './playlist-items.ts'
import { reportsRoute } from './reports.ts'
import { refuseGoogle, tokenRoutes } from './tokens.ts'
import { videosRoute } from './videos.ts'

/** YouTube's Data API and Analytics API, and the host that hands out tokens for both. */
export const youtubeMounts: readonly Mount[] = [
  {
    platform: 'youtube',
    prefix: '/youtube',
    variable: 'WEIR_YOUTUBE_API_URL',
    routes: [channelsRoute, playlistItemsRoute, videosRoute],
    unknown: unknownPath,
    refuse: refuseYoutube,
  },
  {
    platform: 'youtube',
    prefix: '/youtube-analytics',
    variable: 'WEIR_YOUTUBE_ANALYTICS_URL',
    routes: [reportsRoute],
    unknown: unknownPath,
    refuse: refuseYoutube,
  },
  {
    platform: 'youtube',
    prefix: '/youtube-oauth',
    variable: 'WEIR_YOUTUBE_OAUTH_URL',
    routes: tokenRoutes,
    unknown: unknownPath,
    refuse: refuseGoogle,
  },
]
