import {
  type Context,
  isSpanContextValid,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TraceRules } from './cli/telemetry-variables.ts'
import type { Log } from './domain/log.ts'
import type { Span, Trace } from './domain/trace.ts'

const VALUE_LENGTH_MAX = 2000
const TOLD_AGAIN_MS = 60_000

/** Spans on their way to an OpenTelemetry collector. */
export interface Tracing {
  trace: Trace
  /** Sends what is left, for as long as one batch may take at most, and ends it. */
  stop(): Promise<void>
}

/** How spans are sent. */
export interface TracingOptions {
  /** How long a batch may take, its retries included. */
  timeoutMs: number
  log: Log
}

/** Begins to send spans, in batches, whatever becomes of them: the work waits for none. */
export function startTracing(rules: TraceRules, { timeoutMs, log }: TracingOptions): Tracing {
  const otlp = new OTLPTraceExporter({ url: rules.url, timeoutMillis: timeoutMs })
  const exporter = toldOf(otlp, log)
  const processor = new BatchSpanProcessor({ exporter })
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector] }))
      .merge(resourceFromAttributes({ 'service.name': rules.serviceName })),
    sampler: samplerOf(rules),
    spanLimits: { attributeValueLengthLimit: VALUE_LENGTH_MAX },
    spanProcessors: [processor],
  })
  const contexts = new AsyncLocalStorageContextManager().enable()
  return {
    trace: createTrace(provider.getTracer('weir'), contexts),
    async stop() {
      const timer = Promise.withResolvers<void>()
      const timeout = setTimeout(timer.resolve, timeoutMs)
      await Promise.race([provider.shutdown().catch(() => {}), timer.promise])
      clearTimeout(timeout)
      contexts.disable()
    },
  }
}

function createTrace(tracer: Tracer, contexts: AsyncLocalStorageContextManager): Trace {
  const within = <Result>(context: Context, span: OtelSpan, work: () => Result) =>
    contexts.with(trace.setSpan(context, span), work)
  return {
    isOn: true,
    async span(name, attributes, work) {
      const kind = 'server.address' in attributes ? SpanKind.CLIENT : SpanKind.INTERNAL
      const context = contexts.active()
      const span = tracer.startSpan(name, { attributes, kind }, context)
      try {
        return await within(context, span, () => work(toSpan(span)))
      } catch (error) {
        fail(span, error instanceof Error ? error.name : 'It was thrown.')
        throw error
      } finally {
        span.end()
      }
    },
    request({ name, traceparent, attributes }, work) {
      const context = contextOf(traceparent)
      const span = tracer.startSpan(name, { attributes, kind: SpanKind.SERVER }, context)
      return within(context, span, () => work(toSpan(span), () => span.end()))
    },
    ended(name, attributes, { durationMs, failed }) {
      const context = contexts.active()
      // What belongs to no work that is followed would be a trace of its own.
      if (trace.getSpan(context) === undefined) return
      const endTime = performance.timeOrigin + performance.now()
      const options = { attributes, kind: SpanKind.CLIENT, startTime: endTime - durationMs }
      const span = tracer.startSpan(name, options, context)
      if (failed) fail(span, 'It failed.')
      span.end(endTime)
    },
  }
}

function toSpan(span: OtelSpan): Span {
  return {
    set: (attributes) => void span.setAttributes(attributes),
    fail: (message) => fail(span, message),
  }
}

// Errors' own messages may hold what somebody asked for.
function fail(span: OtelSpan, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message })
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-|$)/

/** The span of another process that a request belongs to, as its header says. */
function contextOf(traceparent = ''): Context {
  const [, traceId = '', spanId = '', flags = '00'] = TRACEPARENT.exec(traceparent) ?? []
  const traceFlags = Number.parseInt(flags, 16) & 1
  const given: SpanContext = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(given) ? trace.setSpanContext(ROOT_CONTEXT, given) : ROOT_CONTEXT
}

function samplerOf({ sampler, ratio }: TraceRules): Sampler {
  const [, isOfParent, name] = /^(parentbased_)?(\w+)$/.exec(sampler) ?? []
  const root = rootSampler(name ?? '', ratio)
  return isOfParent ? new ParentBasedSampler({ root }) : root
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === 'always_off') return new AlwaysOffSampler()
  return name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler()
}

/** Says in the log that spans are lost, but not of every batch. */
function toldOf(exporter: OTLPTraceExporter, log: Log): SpanExporter {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const now = performance.now()
        if (result.code !== 0 && now - toldAt >= TOLD_AGAIN_MS) {
          toldAt = now
          log.warn({ reason: result.error?.message ?? null }, 'traces could not be sent')
        }
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}
