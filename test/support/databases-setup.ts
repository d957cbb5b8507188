import type { TestProject } from 'vitest/node'
import { startDatabaseBroker } from './database-broker.ts'
import { prepareEmbeddedTemplate } from './embedded-template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the run's PostgreSQL server, which starts when first asked for. */
    databaseBroker: string
    /** The file that holds a dump of a migrated embedded database. */
    embeddedTemplate: string
    /** Whether endpoints compile the operations that they run. */
    graphqlCompiler: 'on' | 'off'
  }
}

/** Prepares what the tests' databases are made from; answers how to take it down again. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('embeddedTemplate', await prepareEmbeddedTemplate())
  const broker = await startDatabaseBroker()
  project.provide('databaseBroker', broker.url)
  return broker.close
}
