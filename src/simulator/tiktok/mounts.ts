import type { Mount } from '../simulation.ts'
import { businessRoutes, refuseBusiness } from './business.ts'
import { businessTokenRoutes } from './business-tokens.ts'
import { refuseTiktok, unsupportedPath } from './errors.ts'
import { publishRoute } from './publish.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoute } from './user.ts'
import { videoRoutes } from './videos.ts'

/** TikTok's Display API, and its API for businesses on a host of its own. */
export const tiktokMounts: readonly Mount[] = [
  {
    platform: 'tiktok',
    prefix: '/tiktok',
    variable: 'WEIR_TIKTOK_API_URL',
    routes: [...tokenRoutes, userRoute, ...videoRoutes, publishRoute],
    unknown: unsupportedPath,
    refuse: refuseTiktok,
  },
  {
    platform: 'tiktok',
    prefix: '/tiktok-business',
    variable: null,
    routes: [...businessTokenRoutes, ...businessRoutes],
    unknown: unsupportedPath,
    refuse: refuseBusiness,
  },
]
