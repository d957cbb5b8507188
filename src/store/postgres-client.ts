import { LRUCache } from 'lru-cache'
import pg from 'pg'

// The program's own statements, of which there are only so many.
const READERS_MAX = 500

type Settle = (error: Error | null | undefined, result: pg.QueryResult) => void

/** Reads a value of what the server wrote. */
type Parse = (text: string) => unknown

/** A column of an answer, as the server describes it. */
interface Field {
  name: string
  dataTypeID: number
  format: 'text' | 'binary'
}

/** A row of what the server wrote, column by column. */
type ReadRow = (texts: readonly (string | null)[]) => pg.QueryResultRow

interface Reader {
  fields: readonly Field[]
  parsers: readonly Parse[]
  read: ReadRow
}

// What the driver keeps of an answer, and which its types leave out.
interface Result {
  fields: readonly Field[]
  _types: { getTypeParser(oid: number, format: string): Parse }
  addFields(fields: readonly Field[]): void
  parseRow: ReadRow
}
const { Query, Result } = pg as unknown as {
  Query: new (text: string, values: unknown[], settle: Settle) => pg.Query
  Result: new () => Result
}

const readers = new LRUCache<string, Reader>({ max: READERS_MAX })

/**
 * A connection to a server that makes the objects of rows by code which is generated once for each
 * statement: the driver's own way looks every column up for every row, which is most of the work
 * that a long page is to it.
 */
export class PostgresClient extends pg.Client {
  // What the driver's promises are settled by is among V8's old objects from the start, so that all
  // they answered with stays until those are collected, which is rare. So it is asked for callbacks,
  // and what else it can be asked for is left to it. `never` is what its many forms have in common.
  override query(...given: unknown[]): never {
    const [text, values] = given
    const isStatement = typeof text === 'string' && Array.isArray(values) && given.length === 2
    if (!isStatement) return super.query(...(given as [string])) as never
    return new Promise((resolve, reject) => {
      const settle: Settle = (error, result) => (error ? reject(error) : resolve(result))
      const query = new Query(text, values, settle)
      const result = new Rows(text)
      super.query(Object.assign(query, { _result: result, _results: result }))
    }) as never
  }
}

class Rows extends Result {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  override addFields(fields: readonly Field[]): void {
    try {
      this.parseRow = this.#reader(fields)
      this.fields = fields
    } catch {
      // Where no code may be generated, for one: the driver's own way is left. What is thrown here
      // would reach nobody who waits for the answer.
      super.addFields(fields)
    }
  }

  #reader(fields: readonly Field[]): ReadRow {
    const parsers = fields.map(({ dataTypeID, format }) =>
      this._types.getTypeParser(dataTypeID, format),
    )
    const known = readers.get(this.#text)
    if (known !== undefined && isFor(known, fields, parsers)) return known.read
    const read = compileReader(fields, parsers)
    readers.set(this.#text, { fields, parsers, read })
    return read
  }
}

// A table that was changed answers the same statement with other columns, and another client may
// read the same ones in other ways.
function isFor(reader: Reader, fields: readonly Field[], parsers: readonly Parse[]): boolean {
  if (reader.fields.length !== fields.length) return false
  return fields.every(
    ({ name }, at) => name === reader.fields[at]?.name && parsers[at] === reader.parsers[at],
  )
}

// An object literal with every column is what V8 makes fastest, and lays out best.
function compileReader(fields: readonly Field[], parsers: readonly Parse[]): ReadRow {
  const cells = fields.map(({ name }, at) => {
    const key = name === '__proto__' ? '["__proto__"]' : JSON.stringify(name)
    return `${key}: texts[${at}] === null ? null : parsers[${at}](texts[${at}])`
  })
  return new Function('parsers', `return (texts) => ({ ${cells.join(', ')} })`)(parsers)
}
