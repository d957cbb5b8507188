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
export function graphiqlOptions(
  { key, accountId = null }: GraphiqlStart,
  now: Date,
): GraphiQLOptions {
  const headers = JSON.stringify({ Authorization: `Bearer ${key ?? 'your API key'}` }, null, 2)
  return {
    title: 'Weir',
    headers,
    defaultTabs: examplesFor(accountId, now).map((query) => ({ query, headers })),
    // A key that is kept in the browser would outlive the page, and a demo's next key.
    shouldPersistHeaders: false,
  }
}

// The page's tabs can be dragged, and the first press on one throws it to the end of the row before
// the button is let go, so that the click misses it. Kept in place, every tab opens at once.
const TABS_IN_PLACE = '<style>.graphiql-tab { transform: none !important; }</style>'

/** Renders the page from this package alone: no script, style or font comes from elsewhere. */
export function createGraphiqlRenderer(): (options: GraphiQLOptions) => Promise<string> {
  let page: Promise<string> | undefined
  // The page's scripts are megabytes: loaded and put together once, when somebody opens it.
  return (options) => {
    page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
      renderGraphiQL(options).replace('</head>', `${TABS_IN_PLACE}</head>`),
    )
    return page
  }
}

const NO_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Weir</title></head>
<body style="font: 1rem/1.5 sans-serif; margin: 3rem">
<p>This server runs the documents that it was started with, and no others, so there is no GraphiQL.</p>
</body>
</html>
`

/** Says in place of the page that there is none, where what people type would not be run. */
export async function renderNoGraphiql(): Promise<string> {
  return NO_PAGE
}
