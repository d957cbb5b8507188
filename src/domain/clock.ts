/** Where the current time comes from; tests pass one that they move. */
export type Now = () => Date

/** Where new ids come from: UUIDv7 text. */
export type NewId = () => string

/** The first instant that databases and `DateTime` know, in milliseconds of Unix time. */
export const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z')
