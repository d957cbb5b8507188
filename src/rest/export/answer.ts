import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Context } from 'hono'
import type { FacadeEnv } from '../facade.ts'
import { problem } from './errors.ts'
import {
  acceptedFormat,
  type Column,
  createWriter,
  FORMATS,
  type Format,
  MEDIA_TYPES,
  takesGzip,
  type Writer,
} from './formats.ts'
import { createInstantText } from './instants.ts'

// What is written at once, before others have their turn.
const ROWS_AT_ONCE = 100
const VARIES = 'Accept, Accept-Encoding, Origin'

/** What an export is of, and how it is to be written. */
export interface Export<Row> {
  /** What the file is called, before the day and the format. */
  name: string
  columns: readonly Column<Row>[]
  /** The rows, page by page. The next page is read once this one has gone out. */
  pages: AsyncGenerator<Row[]>
  /** The format that the query names; left out: the one that `Accept` does. */
  format: Format | undefined
  timeZone: string
  bom: boolean
}

/**
 * Answers with an export as a stream, or with a 406. What fails before the first row is an answer of
 * its own; what fails later breaks the connection, so that nobody takes a part for the whole.
 */
export async function exportAnswer<Row>(
  c: Context<FacadeEnv>,
  wanted: Export<Row>,
): Promise<Response> {
  const format = wanted.format ?? acceptedFormat(c.req.header('accept'))
  if (format === null) return c.json(notAcceptable(), 406, { Vary: VARIES })
  const isCompressed = takesGzip(c.req.header('accept-encoding'))
  const instantText = createInstantText(wanted.timeZone)
  const day = instantText(c.var.now).slice(0, 10)
  const headers = {
    'Content-Type': MEDIA_TYPES[format],
    'Content-Disposition': `attachment; filename="weir-${wanted.name}-${day}.${format}"`,
    ...(isCompressed && { 'Content-Encoding': 'gzip' }),
    'X-Content-Type-Options': 'nosniff',
    Vary: VARIES,
  }
  if (c.req.method === 'HEAD') return c.body(null, 200, headers)
  const at = (instant: Date | null) => (instant === null ? null : instantText(instant))
  const writer = createWriter(format, wanted.columns, { at, bom: wanted.bom })
  const text = textOf(writer, { first: await wanted.pages.next(), rest: wanted.pages })
  return c.body(streamOf(c, isCompressed ? compressed(text) : encoded(text)), 200, headers)
}

function notAcceptable() {
  return problem('NOT_ACCEPTABLE', `Exports are written as ${FORMATS.join(' or ')}.`)
}

interface Pages<Row> {
  first: IteratorResult<Row[]>
  rest: AsyncGenerator<Row[]>
}

async function* textOf<Row>(
  { head, lines }: Writer<Row>,
  { first, rest }: Pages<Row>,
): AsyncGenerator<string> {
  try {
    if (head !== '') yield head
    for (let page = first; !page.done; page = await rest.next()) {
      for (let begin = 0; begin < page.value.length; begin += ROWS_AT_ONCE) {
        yield lines(page.value.slice(begin, begin + ROWS_AT_ONCE))
      }
    }
  } finally {
    await rest.return(undefined)
  }
}

// Nothing is made ahead of time: a part is asked for when the one before has been taken.
function streamOf(
  c: Context<FacadeEnv>,
  parts: AsyncGenerator<Uint8Array>,
): ReadableStream<Uint8Array> {
  let isTaken = true
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      try {
        const { done, value } = await parts.next()
        if (!isTaken) return
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        if (isTaken) breakOff(c, controller, error)
      }
    },
    async cancel() {
      isTaken = false
      await parts.return(undefined)
    },
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}

async function* encoded(text: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const part of text) yield encoder.encode(part)
}

// Without its connection, nothing that follows can look like an end. (Were the stream told of the
// error, the server would print it.)
function breakOff(
  { env, req, var: { log, requestId } }: Context<FacadeEnv>,
  controller: ReadableStreamDefaultController,
  error: unknown,
): void {
  log.error({ error, path: req.path, requestId }, 'export failed')
  env.outgoing?.destroy()
  if (env.outgoing) controller.close()
  else controller.error(error)
}

// Whoever stops taking ends the compression, and that the text.
async function* compressed(text: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip()
  const sent = pipeline(text, gzip)
  sent.catch(() => {})
  try {
    yield* gzip
  } finally {
    gzip.destroy()
    // Its failure is the one that the iteration has thrown.
    await sent.catch(() => {})
  }
}
