import { createServer } from 'node:http'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'

/** One address that every test file of a run asks for the PostgreSQL server they share. */
export interface DatabaseBroker {
  url: string
  close(): Promise<void>
}

/** Starts the broker. The server itself starts when the first test file asks for it. */
export async function startDatabaseBroker(): Promise<DatabaseBroker> {
  let starting: Promise<PostgresServer> | undefined
  const http = createServer(async (_request, response) => {
    // A connection that is kept can close at the very moment at which somebody asks again.
    response.setHeader('connection', 'close')
    try {
      starting ??= startPostgresServer(process.env['WEIR_TEST_DATABASE_URL'])
      const { url, template } = await starting
      response.end(JSON.stringify({ url, template }))
    } catch (error) {
      response.writeHead(500).end(`PostgreSQL did not start: ${error}`)
    }
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  http.listen(0, '127.0.0.1', resolve)
  await promise
  const address = http.address()
  if (!address || typeof address === 'string') throw new Error('The broker has no port.')
  const close = async () => {
    http.close()
    http.closeAllConnections()
    await (await starting?.catch(() => undefined))?.close()
  }
  return { url: `http://127.0.0.1:${address.port}`, close }
}
