import type { Mount } from '../simulation.ts'
import { errorAnswer, refuseLinkedin, refuseToken } from './errors.ts'
import { organizationRoutes } from './organization.ts'
import { postRoutes } from './posts.ts'
import { shareRoute } from './shares.ts'
import { tokenRoute } from './tokens.ts'
import { videoRoute } from './videos.ts'

/** LinkedIn's versioned REST API, and the tokens on the host of its website. */
export const linkedinMounts: readonly Mount[] = [
  {
    platform: 'linkedin',
    prefix: '/linkedin',
    variable: 'WEIR_LINKEDIN_API_URL',
    routes: [...organizationRoutes, shareRoute, ...postRoutes, videoRoute],
    unknown: () => errorAnswer('RESOURCE_NOT_FOUND'),
    refuse: refuseLinkedin,
  },
  {
    platform: 'linkedin',
    prefix: '/linkedin-oauth',
    variable: 'WEIR_LINKEDIN_OAUTH_URL',
    routes: [tokenRoute],
    unknown: () => errorAnswer('RESOURCE_NOT_FOUND'),
    refuse: refuseToken,
  },
]
