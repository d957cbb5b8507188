import { randomUUID } from 'node:crypto'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type DocumentNode, print } from 'graphql'
import { inject } from 'vitest'
import { SCOPES, type Scope } from '../../src/auth/scopes.ts'
import { createTokenCipher } from '../../src/auth/tokens.ts'
import type { Log } from '../../src/domain/log.ts'
import type { Notices } from '../../src/domain/notice.ts'
import { createRateLimit } from '../../src/domain/rate-limit.ts'
import { NO_TELEMETRY } from '../../src/domain/telemetry.ts'
import type { GraphiqlStart } from '../../src/graphql/graphiql.ts'
import { readTrustedDocuments } from '../../src/graphql/trusted-documents.ts'
import {
  createGraphql,
  GRAPHQL_LIMITS,
  type Graphql,
  type GraphqlLimits,
} from '../../src/graphql/yoga.ts'
import { createLoaders } from '../../src/loaders/loaders.ts'
import { createCommands } from '../../src/refresh/commands.ts'
import { REFRESH_LIMITS } from '../../src/refresh/dependencies.ts'
import type { OnReadDependencies } from '../../src/refresh/on-read.ts'
import { createRefreshSteps } from '../../src/refresh/steps.ts'
import type { Db } from '../../src/store/connect.ts'
import { type Jobs, openJobs } from '../../src/store/jobs.ts'
import { openNotices } from '../../src/store/notices.ts'
import { openTestStore } from './database.ts'
import { later } from './rows.ts'

/** What an operation answered. */
export interface Answer<Data> {
  status: number
  data: Data
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
}

/** Whose key an operation is sent with. */
export interface Sender {
  workspace?: string
  scopes?: readonly Scope[]
  keyId?: string
}

/** The GraphQL endpoint over a store of its own, without a server. No worker takes its jobs. */
export interface TestGraphql extends AsyncDisposable {
  db: Db
  /** Takes the database away from under the endpoint. */
  loseDatabase(): Promise<void>
  /** The statements sent since somebody last emptied the list. */
  statements: string[]
  /** What was logged as an error. */
  logged: object[]
  /** Sends an operation; with every scope in the workspace `one` unless told otherwise. */
  query<Data, Variables>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
    sender?: Sender,
  ): Promise<Answer<Data>>
  /** The endpoint itself, which a server can be given. */
  endpoint: Graphql
  /** How many listen to notices. */
  following(): number
  /** Set `now`, and it is then. */
  clock: { now: Date }
  /** Sends any request to the endpoint. */
  fetch(init: RequestInit, query?: string): Promise<Response>
  /** The header that a sender's key goes in. */
  key(sender?: Sender): Record<string, string>
}

/** What a test may choose of the endpoint. */
export interface TestGraphqlOptions {
  limits?: Partial<GraphqlLimits>
  introspection?: 'on' | 'off'
  /** The file of the only documents that are run. */
  trustedDocuments?: string
  graphiql?: GraphiqlStart
  /** Whether wishes for refreshes are queued: the queue takes a moment to open. */
  jobs?: boolean
  /** Whether operations are compiled; left out: as the run of tests has it. */
  compiler?: 'on' | 'off'
}

const NO_JOBS: Jobs = {
  enqueueRefresh: () => Promise.reject(new Error('This endpoint was opened without jobs.')),
  enqueueRefreshes: () => Promise.reject(new Error('This endpoint was opened without jobs.')),
  hasten: () => Promise.reject(new Error('This endpoint was opened without jobs.')),
  work: () => Promise.reject(new Error('This endpoint was opened without jobs.')),
  stop: async () => {},
}

/** Opens the endpoint at the instant `later(0)`. */
export async function openGraphql(options: TestGraphqlOptions = {}): Promise<TestGraphql> {
  const statements: string[] = []
  const logged: object[] = []
  const log: Log = { info: () => {}, warn: () => {}, error: (fields) => logged.push(fields) }
  const clock = { now: later(0) }
  const now = () => clock.now
  const store = await openTestStore({ onStatement: (sql) => statements.push(sql) })
  const jobs = options.jobs ? await openJobs(store, { now, log, supervise: false }) : NO_JOBS
  const notices = counted(await openNotices(store, { log }))
  const refreshSteps = createRefreshSteps({ db: store.db, notices, now, log })
  const limits = { ...GRAPHQL_LIMITS, ...options.limits }
  const { trustedDocuments } = options
  const yoga = createGraphql({
    budget: createRateLimit(limits.costPerMinute),
    telemetry: NO_TELEMETRY.cost,
    trustedDocuments: trustedDocuments ? readTrustedDocuments(trustedDocuments, limits) : null,
    introspection: options.introspection ?? 'on',
    refreshSteps,
    loadersFor: (workspaceId) => createLoaders(store.db, workspaceId),
    commands: commandsOf(store.db, { jobs, notices, now, log }),
    authenticate: async (authorization) => toPrincipal(authorization),
    ...{ now, newId: randomUUID, log },
    limits,
    allowance: REFRESH_LIMITS,
    isCompiling: (options.compiler ?? inject('graphqlCompiler')) === 'on',
    graphiql: options.graphiql ?? { key: null },
  })
  const fetch = (init: RequestInit, query = '') =>
    Promise.resolve(yoga.fetch(`http://weir.test/graphql${query}`, init))
  return {
    db: store.db,
    endpoint: yoga,
    following: notices.following,
    clock,
    loseDatabase: store.end,
    statements,
    logged,
    fetch,
    key,
    query: async (document, variables, sender) => {
      const query = typeof document === 'string' ? document : print(document as DocumentNode)
      const response = await fetch({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...key(sender) },
        body: JSON.stringify({ query, variables }),
      })
      const { data, errors = [] } = await response.json()
      return { data, errors, status: response.status }
    },
    async [Symbol.asyncDispose]() {
      refreshSteps.close()
      await notices.close()
      await jobs.stop()
      await store.close()
    },
  }
}

function commandsOf(db: Db, given: Pick<OnReadDependencies, 'jobs' | 'notices' | 'now' | 'log'>) {
  return createCommands({
    ...given,
    ...{ db, connectors: {}, newId: randomUUID, limits: REFRESH_LIMITS },
    cipher: createTokenCipher(new Uint8Array(32)),
  })
}

function counted(notices: Notices): Notices & { following(): number } {
  let following = 0
  return {
    ...notices,
    subscribe(workspaceId, listener) {
      const stop = notices.subscribe(workspaceId, listener)
      following += 1
      return () => {
        stop()
        following -= 1
      }
    },
    following: () => following,
  }
}

function key(sender: Sender = {}): Record<string, string> {
  const { workspace = 'one', scopes = SCOPES, keyId = 'key' } = sender
  return { authorization: `Bearer ${JSON.stringify({ workspace, scopes, keyId })}` }
}

// A key of these tests says what it stands for: keys themselves are tested with `auth`.
function toPrincipal(authorization: string | null) {
  if (!authorization?.startsWith('Bearer {')) return null
  const { workspace, scopes, keyId } = JSON.parse(authorization.slice('Bearer '.length))
  return { workspaceId: workspace, keyId, scopes }
}
