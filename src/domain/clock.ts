/** Where the current time comes from; tests pass one that they move. */
export type Now = () => Date

/** Where new ids come from: UUIDv7 text. */
export type NewId = () => string
