import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { PublicationPlugin } from './postgraphile-plugin.js'
import { assertKey } from './publications.js'

const CONNECTIONS_MAX = 10

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [PublicationPlugin],
  pgServices: [
    makePgService({
      ...{ connectionString: process.env.DATABASE_URL, schemas: ['public'] },
      poolConfig: { max: CONNECTIONS_MAX },
    }),
  ],
  grafserv: { graphqlPath: '/graphql', graphiql: false },
  grafast: {
    context({ node }) {
      assertKey(node?.req.headers.authorization)
      return { now: new Date() }
    },
  },
}

const server = createServer()
await postgraphile(preset).createServ(grafserv).addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1')
