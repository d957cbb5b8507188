import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { etag } from 'hono/etag'

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Weir: REST</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="page"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`

// Without the badge, for which somebody else's server would be asked.
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  validatorUrl: null,
})
`

const JAVASCRIPT = 'text/javascript; charset=utf-8'
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': JAVASCRIPT,
  'favicon-32x32.png': 'image/png',
}

// Pictures that the style sheet holds itself are data.
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

/** The browsable page of the REST APIs: it and all that it loads come from this process. */
export function createDocsPage(): Hono {
  const app = new Hono()
  app.use(etag())
  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-cache')
    c.header('Content-Security-Policy', POLICY)
    c.header('X-Content-Type-Options', 'nosniff')
  })
  app.get('/', (c) => c.html(PAGE))
  app.get('/start.js', (c) => c.body(START, 200, { 'Content-Type': JAVASCRIPT }))
  const folder = createRequire(import.meta.url)
  for (const [name, type] of Object.entries(FILES)) {
    app.get(`/${name}`, async (c) => {
      const content = await readFile(folder.resolve(`swagger-ui-dist/${name}`))
      return c.body(new Uint8Array(content), 200, { 'Content-Type': type })
    })
  }
  return app
}
