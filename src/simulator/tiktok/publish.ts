import { z } from 'zod'
import type { SimulatedPublication } from '../account.ts'
import { withUnquotedIds } from '../answer.ts'
import { jsonOrNull } from '../json-body.ts'
import type { Call, Route, Simulation } from '../simulation.ts'
import { okAnswer } from './errors.ts'
import { callerOf, checkLimit, refusal } from './route.ts'

const LIMIT = { max: 30, windowMs: 60_000 }
const SCOPES = ['video.publish', 'video.upload']
const PROCESSING_MS = 30_000
const MODERATION_MS = 120_000

const bodySchema = z.object({ publish_id: z.string() })

/** What became of something that was handed over for publishing. */
export const publishRoute: Route = {
  method: 'POST',
  path: '/v2/post/publish/status/fetch/',
  handle(call, simulation) {
    const { caller, scopes } = callerOf(call, simulation)
    checkLimit(call, simulation, LIMIT, `publish ${caller.platformAccountId}`)
    if (!SCOPES.some((scope) => scopes.includes(scope))) {
      throw refusal(call, simulation, 'scope_not_authorized')
    }
    const video = published(call, simulation)
    if (video?.account !== caller) {
      throw refusal(call, simulation, 'invalid_params', 'publish_id is invalid.')
    }
    return statusAnswer(call, video)
  },
}

/** The id under which a publication was handed over, before it had one of its own. */
export function publishIdOf({ contentType, platformPostId }: SimulatedPublication): string {
  return `${contentType === 'carousel' ? 'p' : 'v'}_pub_url~v2.${platformPostId}`
}

function published(call: Call, { world }: Simulation): SimulatedPublication | null {
  const parsed = bodySchema.safeParse(jsonOrNull(call.body)).data?.publish_id ?? ''
  const id = /^[vp]_pub_url~v2\.(\d{19})$/.exec(parsed)?.[1]
  return id === undefined ? null : world.publication('tiktok', id, call.now)
}

// The platform sends the ids as bare numbers, and none until moderation ends or for private posts.
function statusAnswer(call: Call, video: SimulatedPublication) {
  const ageMs = call.now.getTime() - video.publishedAt.getTime()
  const isPublic = ageMs >= MODERATION_MS && !video.isPrivate
  const answer = okAnswer(call, {
    status: ageMs < PROCESSING_MS ? 'PROCESSING_DOWNLOAD' : 'PUBLISH_COMPLETE',
    publicaly_available_post_id: isPublic ? [video.platformPostId] : [],
    uploaded_bytes: 1_048_576,
  })
  return withUnquotedIds(answer)
}
