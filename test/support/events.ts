/** What comes over an open answer of server-sent events. */
export interface Events extends AsyncDisposable {
  /** What the next event carries; null: the server has ended the answer. */
  next<Data = Record<string, unknown>>(): Promise<EventAnswer<Data> | null>
  /** The next events, as many as asked for. */
  take<Data = Record<string, unknown>>(count: number): Promise<EventAnswer<Data>[]>
  /** Wants no more. */
  cancel(): Promise<void>
}

/** The answer that an event carries. */
export interface EventAnswer<Data> {
  data: Data
  errors?: { message: string; extensions: Record<string, unknown> }[]
  extensions?: Record<string, unknown>
}

/** How a subscription is asked for: as server-sent events. */
export function subscriptionRequest(
  query: string,
  headers: Record<string, string>,
  variables: Record<string, unknown> = {},
): RequestInit {
  return {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  }
}

/** Reads an answer event by event. Throws when it is none of events. */
export function eventsOf(response: Response): Events {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    throw new Error(`No events came, but status ${response.status}.`)
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async <Data>(): Promise<EventAnswer<Data> | null> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      const event = end < 0 ? null : text.slice(0, end)
      if (event !== null) text = text.slice(end + 2)
      const data = /^event: next\ndata: (.*)$/s.exec(event ?? '')?.[1]
      if (data !== undefined) return JSON.parse(data)
      if (event !== null) continue
      const chunk = await reader.read()
      if (chunk.done) return null
      text += chunk.value
    }
  }
  return {
    next,
    async take<Data>(count: number) {
      const taken: EventAnswer<Data>[] = []
      while (taken.length < count) {
        const event = await next<Data>()
        if (event === null) throw new Error(`Only ${taken.length} events came.`)
        taken.push(event)
      }
      return taken
    },
    cancel: () => reader.cancel(),
    [Symbol.asyncDispose]: () => reader.cancel(),
  }
}
