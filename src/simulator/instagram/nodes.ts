import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { noObject } from '../graph/errors.ts'
import { faultTarget } from '../simulation.ts'
import { isShown } from '../world.ts'
import { childIdOf, decodeMediaId } from './media-id.ts'
import type { Admitted } from './route.ts'

const DAY_MS = 86_400_000

/** How many images every carousel has. */
export const CHILDREN = 3

/** What an id stands for, as far as the caller may know. */
export type Node =
  | { kind: 'account'; account: SimulatedAccount }
  | { kind: 'media'; publication: SimulatedPublication; child: number }

/** What the id in a path stands for. Refuses what is unknown, deleted or someone else's. */
export function nodeOf(admitted: Admitted, id: string): Node {
  const { call, caller, flavour, simulation } = admitted
  const isGone = simulation.faults.take(['gone', 'forbidden'], faultTarget(call, [id])) !== null
  const own = [
    caller.platformAccountId,
    ...(flavour === 'instagram' ? ['me', scopedId(caller)] : []),
  ]
  if (own.includes(id) && !isGone) return { kind: 'account', account: caller }
  const media = mediaOf(admitted, id)
  if (media === null || isGone) throw noObject(call, id)
  return media
}

/** The id by which the application knows an account; `user_id` is the account's own. */
export function scopedId({ platformAccountId }: SimulatedAccount): string {
  return `27${platformAccountId.slice(2)}`
}

/** Whether a publication is a story whose day is over: it is neither listed nor measured. */
export function isExpiredStory({ kind, publishedAt }: SimulatedPublication, now: Date): boolean {
  return kind === 'story' && now.getTime() - publishedAt.getTime() > DAY_MS
}

function mediaOf({ call, caller, simulation }: Admitted, id: string): Node | null {
  const child = decodeMediaId(id)?.child
  if (child === undefined) return null
  const found = simulation.world.publication('instagram', childIdOf(id, 0), call.now)
  if (found === null || found.account !== caller || !isShown(found, call.now)) return null
  const isChildless = found.contentType !== 'carousel' || child > CHILDREN
  if (isExpiredStory(found, call.now) || (child > 0 && isChildless)) return null
  return { kind: 'media', publication: found, child }
}
