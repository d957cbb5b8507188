/** Where layers report what people who run the gateway should know. Fields never hold secrets. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
