import fastify from 'fastify'
import mercurius from 'mercurius'
import { contextOf, openPool } from './publications.js'
import { resolvers, typeDefs } from './schema.js'

const COMPILED_AFTER_REQUESTS = 1

const pool = openPool()
const app = fastify()
app.register(mercurius, {
  ...{ schema: typeDefs, resolvers, jit: COMPILED_AFTER_REQUESTS },
  context: (request) => contextOf(pool, request.headers),
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
