import type { SimulatedPublication } from '../account.ts'
import { noObject } from '../graph/errors.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { numberIn, postIdOfVideo } from './ids.ts'
import type { Admitted } from './route.ts'

/** What an id stands for, as far as the caller may know. */
export type Node =
  | { kind: 'page' }
  | { kind: 'post'; publication: SimulatedPublication }
  | { kind: 'video'; publication: SimulatedPublication }

/** What the id in a path stands for. Refuses what is unknown, deleted or another Page's. */
export function nodeOf(admitted: Admitted, id: string): Node {
  const { call, isPerson, page, simulation } = admitted
  const isGone = simulation.faults.take(['gone', 'forbidden'], faultTarget(call, [id])) !== null
  if (isGone) throw noObject(call, id)
  if (id === page.platformAccountId || (id === 'me' && !isPerson)) return { kind: 'page' }
  const node = publicationNode(admitted, id)
  if (node === null) throw noObject(call, id)
  return node
}

/** Whether a reel is also in the list of posts, under a post's id. Nobody knows which are. */
export function isAlsoPost({ slot }: SimulatedPublication): boolean {
  return slot % 4 === 0
}

function publicationNode(admitted: Admitted, id: string): Node | null {
  const { platformAccountId } = admitted.page
  if (id.includes('_')) {
    if (!id.startsWith(`${platformAccountId}_`)) return null
    const post = shown(admitted, id)
    if (post !== null) return { kind: 'post', publication: post }
    const reel = shown(admitted, numberIn(id))
    return reel !== null && isAlsoPost(reel) ? { kind: 'post', publication: reel } : null
  }
  const postId = postIdOfVideo(platformAccountId, id)
  const publication = shown(admitted, postId ?? id)
  if (publication === null) return null
  const isVideo = publication.contentType === 'video' || publication.contentType === 'reel'
  return isVideo ? { kind: 'video', publication } : null
}

function shown({ call, page, simulation }: Admitted, id: string): SimulatedPublication | null {
  const found = simulation.world.publication('facebook', id, call.now)
  return found !== null && found.account === page && isShown(found, call.now) ? found : null
}
