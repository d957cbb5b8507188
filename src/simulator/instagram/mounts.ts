import { unknownPath } from '../graph/errors.ts'
import type { Mount } from '../simulation.ts'
import { refuseInstagram } from './errors.ts'
import { facebookLoginRoutes } from './facebook-login.ts'
import { graphRoutes } from './graph.ts'
import { tokenRoutes } from './tokens.ts'

const readingWithFacebook = graphRoutes('facebook')

/** Instagram's Graph API on the host of either login. Only one of them takes batches. */
export const instagramMounts: readonly Mount[] = [
  {
    platform: 'instagram',
    prefix: '/instagram',
    variable: 'WEIR_INSTAGRAM_API_URL',
    routes: [...tokenRoutes, ...graphRoutes('instagram')],
    unknown: unknownPath,
    refuse: refuseInstagram,
  },
  {
    platform: 'instagram',
    prefix: '/facebook',
    variable: 'WEIR_FACEBOOK_API_URL',
    routes: [...facebookLoginRoutes(readingWithFacebook), ...readingWithFacebook],
    unknown: unknownPath,
    refuse: refuseInstagram,
  },
]
