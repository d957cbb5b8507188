import { type Answer, jsonAnswer } from '../answer.ts'
import { invalidParameter, noObject } from '../graph/errors.ts'
import { parseFields } from '../graph/fields.ts'
import type { Route } from '../simulation.ts'
import { accountInsights } from './account-insights.ts'
import { mediaInsights } from './media-insights.ts'
import { mediaAnswer, storiesAnswer } from './media-list.ts'
import { type Node, nodeOf } from './nodes.ts'
import { accountObject, mediaObject } from './objects.ts'
import { type Admitted, type Flavour, graphRoute } from './route.ts'

/** The reading paths: the root, nodes, and their edges. */
export function graphRoutes(flavour: Flavour): Route[] {
  const edge = (name: string, read: (admitted: Admitted, node: Node) => Answer) =>
    graphRoute(flavour, {
      path: `/:id/${name}`,
      read: (admitted) => read(admitted, nodeOf(admitted, idOf(admitted))),
    })
  return [
    graphRoute(flavour, { path: '{/}?', read: rootAnswer }),
    edge('insights', insightsAnswer),
    edge('media', (admitted, node) => mediaAnswer(admitted, accountOf(admitted, node))),
    edge('stories', (admitted, node) => storiesAnswer(admitted, accountOf(admitted, node))),
    graphRoute(flavour, { path: '/:id', read: nodeAnswer }),
  ]
}

function nodeAnswer(admitted: Admitted): Answer {
  const node = nodeOf(admitted, idOf(admitted))
  const fields = parseFields(admitted.call.query.get('fields') ?? 'id')
  if (node.kind === 'account') return jsonAnswer(200, accountObject(admitted, node.account, fields))
  return jsonAnswer(200, mediaObject(admitted, node.publication, fields, node.child))
}

function insightsAnswer(admitted: Admitted, node: Node): Answer {
  if (node.kind === 'account') return accountInsights(admitted, node.account)
  const metrics = admitted.call.query.get('metric') ?? ''
  return jsonAnswer(200, { data: mediaInsights(admitted, node, metrics) })
}

// Several objects in one call are a thing of the past.
function rootAnswer({ call }: Admitted): Answer {
  if (!call.query.has('ids')) throw noObject(call, '')
  throw invalidParameter(call, 'The ids parameter is deprecated as of v26.0.')
}

function accountOf(admitted: Admitted, node: Node) {
  if (node.kind === 'account') return node.account
  throw invalidParameter(admitted.call, 'Tried accessing nonexisting field on node type (IGMedia)')
}

function idOf({ call }: Admitted): string {
  return call.params['id'] ?? ''
}
