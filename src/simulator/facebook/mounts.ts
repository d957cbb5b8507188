import { batchRoute } from '../graph/batch.ts'
import { unknownPath } from '../graph/errors.ts'
import { tokenRoutes } from '../graph/tokens.ts'
import type { Mount } from '../simulation.ts'
import { refuseFacebook } from './errors.ts'
import { facebookRoutes } from './graph.ts'

/** The Graph API of Pages. Its base URL also answers for another platform's accounts. */
export const facebookMounts: readonly Mount[] = [
  {
    platform: 'facebook',
    prefix: '/facebook',
    variable: 'WEIR_FACEBOOK_API_URL',
    routes: [...tokenRoutes, batchRoute('facebook', facebookRoutes), ...facebookRoutes],
    unknown: unknownPath,
    refuse: refuseFacebook,
  },
]
