import type { SimulatedAccount, SimulatedPublication } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { parseFields } from '../graph/fields.ts'
import { pageOf } from '../graph/paging.ts'
import type { Call } from '../simulation.ts'
import { isShown } from '../world.ts'
import { isExpiredStory } from './nodes.ts'
import { mediaObject } from './objects.ts'
import type { Admitted } from './route.ts'

const REACH = 10_000

/** A page of the account's media, newest first; stories are not among them. */
export function mediaAnswer(admitted: Admitted, account: SimulatedAccount): Answer {
  const { call, simulation } = admitted
  const media = simulation.world
    .publications(account, call.now)
    .filter((one) => one.kind !== 'story' && isWithin(call, one))
    .slice(0, REACH)
  const { shown, paging } = pageOf(call, simulation, account, media)
  const fields = parseFields(call.query.get('fields') ?? 'id')
  const data = shown.map((one) => mediaObject(admitted, one, fields))
  return jsonAnswer(200, { data, ...paging })
}

/** The account's stories of the last 24 hours. */
export function storiesAnswer(admitted: Admitted, account: SimulatedAccount): Answer {
  const { call, simulation } = admitted
  const fields = parseFields(call.query.get('fields') ?? 'id')
  const stories = simulation.world
    .publications(account, call.now)
    .filter((one) => one.kind === 'story' && isShown(one, call.now))
    .filter((one) => !isExpiredStory(one, call.now))
  return jsonAnswer(200, { data: stories.map((one) => mediaObject(admitted, one, fields)) })
}

function isWithin({ query }: Call, { publishedAt }: SimulatedPublication): boolean {
  const at = publishedAt.getTime() / 1000
  const since = query.get('since')
  const until = query.get('until')
  return (since === null || at >= Number(since)) && (until === null || at <= Number(until))
}
