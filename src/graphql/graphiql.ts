import type { GraphiQLOptions } from 'graphql-yoga'
import { examplesFor } from './examples.ts'

/** What GraphiQL starts with. */
export interface GraphiqlStart {
  /** An API key to fill in, for demos; null: whoever opens the page brings one. */
  key: string | null
  /** The account that the example of a mutation refreshes; null: a placeholder. */
  accountId?: string | null
}

/** GraphiQL opened on the example queries, with the key filled in where there is one. */
export function graphiqlOptions({ key, accountId = null }: GraphiqlStart): GraphiQLOptions {
  const headers = JSON.stringify({ Authorization: `Bearer ${key ?? 'your API key'}` }, null, 2)
  return {
    title: 'Weir',
    headers,
    defaultTabs: examplesFor(accountId).map((example) => ({ ...example, headers })),
    // A key that is kept in the browser would outlive the page, and a demo's next key.
    shouldPersistHeaders: false,
  }
}

/** Renders the page from this package alone: no script, style or font comes from elsewhere. */
export function createGraphiqlRenderer(): (options: GraphiQLOptions) => Promise<string> {
  let page: Promise<string> | undefined
  // The page's scripts are megabytes: loaded and put together once, when somebody opens it.
  return (options) => {
    page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
      renderGraphiQL(options),
    )
    return page
  }
}
