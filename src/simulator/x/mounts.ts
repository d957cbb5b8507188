import type { Mount } from '../simulation.ts'
import { analyticsRoutes } from './analytics.ts'
import { refuseX } from './errors.ts'
import { postRoutes } from './posts.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** API v2 of X, tokens included. A path that does not exist is answered without a body. */
export const xMounts: readonly Mount[] = [
  {
    platform: 'x',
    prefix: '/x',
    variable: 'WEIR_X_API_URL',
    routes: [...tokenRoutes, ...userRoutes, ...analyticsRoutes, ...postRoutes],
    unknown: () => ({ status: 404, headers: {}, body: '' }),
    refuse: refuseX,
  },
]
