import type { JsonObject } from '../../domain/json.ts'
import type { SimulatedPublication } from '../account.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { parseFields, type SelectedField } from '../graph/fields.ts'
import { limitOf, pageOf } from '../graph/paging.ts'
import { tooMuchData } from './errors.ts'
import { isAlsoPost } from './nodes.ts'
import { postObject, videoObject } from './objects.ts'
import { type Admitted, requirePage } from './route.ts'

/** Above this many posts, their insights are too much for one answer. */
const WITH_INSIGHTS_MAX = 50

const POST_FIELDS = 'id,created_time,message,story'
const VIDEO_FIELDS = 'id,description,updated_time'

/** A page of what the Page has posted: all but most reels. */
export function postsAnswer(admitted: Admitted): Answer {
  const isListed = (one: SimulatedPublication) => one.contentType !== 'reel' || isAlsoPost(one)
  return listAnswer(admitted, { isListed, usual: POST_FIELDS, build: postObject })
}

/** A page of the Page's reels. */
export function reelsAnswer(admitted: Admitted): Answer {
  const isListed = ({ contentType }: SimulatedPublication) => contentType === 'reel'
  return listAnswer(admitted, { isListed, usual: VIDEO_FIELDS, build: videoObject })
}

/** A page of the Page's videos, each of which a post shows as well. */
export function videosAnswer(admitted: Admitted): Answer {
  const isListed = ({ contentType }: SimulatedPublication) => contentType === 'video'
  return listAnswer(admitted, { isListed, usual: VIDEO_FIELDS, build: videoObject })
}

interface List {
  isListed(publication: SimulatedPublication): boolean
  /** The fields of a call that names none. */
  usual: string
  build(
    admitted: Admitted,
    publication: SimulatedPublication,
    fields: readonly SelectedField[],
  ): JsonObject
}

function listAnswer(admitted: Admitted, { build, isListed, usual }: List): Answer {
  requirePage(admitted)
  const { call, page, simulation } = admitted
  const fields = parseFields(call.query.get('fields') ?? usual)
  const isWide = fields.some(({ name }) => name === 'insights')
  if (isWide && limitOf(call) > WITH_INSIGHTS_MAX) throw tooMuchData(call)
  const all = simulation.world.publications(page, call.now).filter(isListed)
  const { shown, paging } = pageOf(call, simulation, page, all)
  return jsonAnswer(200, { data: shown.map((one) => build(admitted, one, fields)), ...paging })
}
