import type { RequestListener } from 'node:http'

// How long a browser may remember what it was allowed.
const PREFLIGHT_SECONDS = '600'

// What tells of an answer beside the headers that every page may read.
const SHOWN = 'ETag, Retry-After, Weir-Version, X-Request-Id'

/**
 * Lets pages of these origins ask a listener and read its answers. Whether they may is a browser's
 * question; whoever asks needs a key all the same, and sends it in a header, so no credentials of
 * the browser's are let through. Without origins the listener is left as it is.
 */
export function allowOrigins(
  origins: readonly string[],
  listener: RequestListener,
): RequestListener {
  if (origins.length === 0) return listener
  return (request, response) => {
    response.setHeader('vary', 'Origin')
    const { origin = '' } = request.headers
    if (!origins.includes(origin)) return listener(request, response)
    response.setHeader('access-control-allow-origin', origin)
    const isPreflight = request.headers['access-control-request-method'] !== undefined
    if (request.method !== 'OPTIONS' || !isPreflight) {
      response.setHeader('access-control-expose-headers', SHOWN)
      return listener(request, response)
    }
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
      'access-control-max-age': PREFLIGHT_SECONDS,
      vary: 'Origin, Access-Control-Request-Headers',
    })
    response.end()
  }
}
