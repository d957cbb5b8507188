/** What is known of a span. Values never hold a secret, nor what somebody asked for. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A stretch of work that is under way. */
export interface Span {
  /** What became known of it meanwhile. */
  set(attributes: SpanAttributes): void
  /** It did not do what it was for. */
  fail(message: string): void
}

/** A request of another process, as it introduced itself. */
export interface TracedRequest {
  name: string
  /** The header of the same name (W3C); undefined: it brought none. */
  traceparent: string | undefined
  attributes: SpanAttributes
}

/** Where layers report what takes how long, within what. */
export interface Trace {
  /** False: nobody listens, and what is only made to be told need not be made. */
  readonly isOn: boolean
  /** Does work as a span within the one that is open. It fails when the work throws or rejects. */
  span<Result>(
    name: string,
    attributes: SpanAttributes,
    work: (span: Span) => Promise<Result>,
  ): Promise<Result>
  /** Does work as a span of a request, which lasts until `end` is called. */
  request<Result>(request: TracedRequest, work: (span: Span, end: () => void) => Result): Result
  /** Tells of a span that has just ended, within the one that is open. */
  ended(
    name: string,
    attributes: SpanAttributes,
    end: { durationMs: number; failed: boolean },
  ): void
}

/** A span of nobody's. */
export const NO_SPAN: Span = { set: () => {}, fail: () => {} }

/** Does the work and tells nobody. */
export const NO_TRACE: Trace = {
  isOn: false,
  span: (_name, _attributes, work) => work(NO_SPAN),
  request: (_request, work) => work(NO_SPAN, () => {}),
  ended: () => {},
}
