import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { contextOf, openPool } from './publications.js'
import { resolvers, typeDefs } from './schema.js'

const pool = openPool()
await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT) },
  context: async ({ req }) => contextOf(pool, req.headers),
})
