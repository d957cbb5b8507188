import './types/account.ts'
import './types/node.ts'
import './types/post.ts'
import './types/publication.ts'
import './types/refresh.ts'
import './types/video.ts'
import './types/video-summary.ts'
import './types/workspace.ts'
import './types/refresh-availability.ts'
import './types/change.ts'
import './types/metric.ts'
import './types/account-mutations.ts'
import './types/post-mutations.ts'
import './types/refresh-mutations.ts'
import './types/subscription.ts'
import { builder } from './builder.ts'

/** The whole schema, in the order in which the files above declare it. */
export const schema = builder.toSchema({ sortSchema: false })
