import type { JsonObject } from '../../domain/json.ts'
import { type Graph, nodeIn } from '../graph/graph.ts'
import { isFieldRefusal } from './errors.ts'
import { type RefusalReason, refusalReason, refusedNames, rememberRefused } from './refusals.ts'
import type { Session } from './session.ts'

/** A Page's node, without the fields that the platform refuses this account. */
export interface PageNode {
  node: JsonObject
  /** Why fields are not in it: there are none, or they take a permission that is not there. */
  refused: ReadonlyMap<string, RefusalReason>
}

/** For what refused fields are remembered. */
const FIELDS = 'page field'

/**
 * A Page's node: `GET /{page}`. One refused field fails the whole call and need not be named, so
 * it is found by asking for each alone, in a batch, and not asked for again for a day. Throws what
 * the call failed with when no field is answered, or when something else went wrong.
 */
export async function askPageNode(session: Session, fields: readonly string[]): Promise<PageNode> {
  const refused = refusedNames(session, FIELDS, fields)
  const names = fields.filter((field) => !refused.has(field))
  try {
    return { node: await nodeWith(session.graph, session, names), refused }
  } catch (error) {
    if (!isFieldRefusal(error)) throw error
    const parts = await Promise.all(names.map((name) => fieldAlone(session, name)))
    const answers = parts.flatMap(({ node }) => node ?? [])
    if (answers.length === 0) throw error
    const found = parts.flatMap(({ name, refusal }) => (refusal ? [[name, refusal] as const] : []))
    for (const [name, reason] of found) rememberRefused(session, FIELDS, name, reason)
    return { node: Object.assign({}, ...answers), refused: new Map([...refused, ...found]) }
  }
}

function nodeWith(graph: Graph, { account }: Session, fields: readonly string[]) {
  const params = { fields: ['id', ...fields].join(',') }
  return graph.ask({ path: account.account.platformAccountId, params }, nodeIn)
}

interface FieldAlone {
  name: string
  node: JsonObject | null
  refusal: RefusalReason | null
}

async function fieldAlone(session: Session, name: string): Promise<FieldAlone> {
  try {
    return { name, node: await nodeWith(session.batch, session, [name]), refusal: null }
  } catch (error) {
    if (!isFieldRefusal(error)) throw error
    return { name, node: null, refusal: refusalReason(error) }
  }
}
