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
  read: ReadRow
}

// What the driver keeps of an answer, and which its types leave out.
interface Result {
  fields: readonly Field[]
  _types: { getTypeParser(oid: number, format: string): Parse }
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
  // The driver's promises hold on to what they answered with until garbage is collected thoroughly,
  // which is rare. So it is asked for callbacks. What else it can be asked for is left to it.
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

  addFields(fields: readonly Field[]): void {
    this.fields = fields
    this.parseRow = this.#reader(fields)
  }

  #reader(fields: readonly Field[]): ReadRow {
    const known = readers.get(this.#text)
    if (known !== undefined && areSame(known.fields, fields)) return known.read
    const parsers = fields.map(({ dataTypeID, format }) =>
      this._types.getTypeParser(dataTypeID, format),
    )
    const read = compileReader(fields, parsers)
    readers.set(this.#text, { fields, read })
    return read
  }
}

// A table that was changed answers the same statement with other columns.
function areSame(some: readonly Field[], others: readonly Field[]): boolean {
  if (some.length !== others.length) return false
  return some.every(({ name, dataTypeID, format }, at) => {
    const other = others[at]
    return name === other?.name && dataTypeID === other.dataTypeID && format === other.format
  })
}

// An object literal with every column is what engines make fastest, and lay out best.
function compileReader(fields: readonly Field[], parsers: readonly Parse[]): ReadRow {
  const cells = fields.map(
    ({ name }, at) =>
      `${JSON.stringify(name)}: texts[${at}] === null ? null : parsers[${at}](texts[${at}])`,
  )
  return new Function('parsers', `return (texts) => ({ ${cells.join(', ')} })`)(parsers)
}
