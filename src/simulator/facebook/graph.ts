import { type Answer, jsonAnswer } from '../answer.ts'
import { noField } from '../graph/build.ts'
import { invalidParameter, noObject } from '../graph/errors.ts'
import { parseFields } from '../graph/fields.ts'
import type { Route } from '../simulation.ts'
import { postsAnswer, reelsAnswer, videosAnswer } from './lists.ts'
import { type Node, nodeOf } from './nodes.ts'
import { pageObject, postObject, videoObject } from './objects.ts'
import { pageInsights } from './page-insights.ts'
import { postInsights } from './post-insights.ts'
import { type Admitted, facebookRoute } from './route.ts'
import { videoInsights } from './video-insights.ts'

const TYPES = { page: 'Page', post: 'Post', video: 'Video' } as const

/** The reading paths: the root, the Pages of a person, nodes, and their edges. */
export const facebookRoutes: Route[] = [
  facebookRoute({ path: '{/}?', read: rootAnswer }),
  facebookRoute({ path: '/me/accounts', read: pagesAnswer }),
  edge('insights', insightsAnswer),
  edge('video_insights', (admitted, node) => {
    if (node.kind !== 'video') throw noEdge(admitted, node, 'video_insights')
    const list = admitted.call.query.get('metric')
    return jsonAnswer(200, { data: videoInsights(admitted, node.publication, list) })
  }),
  pageEdge('published_posts', postsAnswer),
  pageEdge('posts', postsAnswer),
  pageEdge('video_reels', reelsAnswer),
  pageEdge('videos', videosAnswer),
  facebookRoute({ path: '/:id', read: nodeAnswer }),
]

function edge(name: string, read: (admitted: Admitted, node: Node) => Answer): Route {
  return facebookRoute({
    path: `/:id/${name}`,
    read: (admitted) => read(admitted, nodeOf(admitted, idOf(admitted))),
  })
}

function pageEdge(name: string, read: (admitted: Admitted) => Answer): Route {
  return edge(name, (admitted, node) => {
    if (node.kind !== 'page') throw noEdge(admitted, node, name)
    return read(admitted)
  })
}

function nodeAnswer(admitted: Admitted): Answer {
  const node = nodeOf(admitted, idOf(admitted))
  const fields = parseFields(admitted.call.query.get('fields') ?? 'id')
  if (node.kind === 'page') return jsonAnswer(200, pageObject(admitted, fields))
  const build = node.kind === 'post' ? postObject : videoObject
  return jsonAnswer(200, build(admitted, node.publication, fields))
}

function insightsAnswer(admitted: Admitted, node: Node): Answer {
  if (node.kind === 'page') return pageInsights(admitted)
  if (node.kind === 'video') throw noEdge(admitted, node, 'insights')
  const metrics = admitted.call.query.get('metric')
  return jsonAnswer(200, { data: postInsights(admitted, node.publication, metrics) })
}

// The Pages that a person manages, each with a token of its own.
function pagesAnswer({ call, page, scopes, simulation }: Admitted): Answer {
  const { accessToken } = simulation.tokens.grant(page, { issuedAt: call.now, scopes })
  const entry = {
    id: page.platformAccountId,
    name: page.displayName,
    username: page.handle,
    access_token: accessToken,
    category: 'Brand',
    tasks: ['ANALYZE', 'CREATE_CONTENT'],
  }
  return jsonAnswer(200, {
    data: scopes.includes('pages_show_list') ? [entry] : [],
    paging: { cursors: { before: 'MTE1', after: 'MTE1' } },
  })
}

// Several objects in one call are a thing of the past.
function rootAnswer({ call }: Admitted): Answer {
  if (!call.query.has('ids')) throw noObject(call, '')
  throw invalidParameter(call, 'The ids parameter is deprecated as of v26.0.')
}

function noEdge({ call }: Admitted, { kind }: Node, name: string) {
  return noField(call, name, { name: TYPES[kind], errorType: 'OAuthException' })
}

function idOf({ call }: Admitted): string {
  return call.params['id'] ?? ''
}
