/** Any JSON value. Integers past 2^53 - 1 arrive as strings of their digits, never rounded. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue | undefined }
