const REDACTED = '[redacted]'

/** Shorter texts are no credentials, and replacing them would damage ordinary words. */
const SECRET_LENGTH_MIN = 8

const NAMES = 'access_token|refresh_token|client_secret|fb_exchange_token|input_token'
const IN_QUERY = new RegExp(`((?:${NAMES})(?:=|%3D))[^&"'\\\\\\s<>]+`, 'gi')
const IN_JSON = new RegExp(`("(?:${NAMES})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, 'gi')
const IN_HEADER = /\b((?:Bearer|Basic)\s+)[\w~+/.=!-]{8,}/gi

/**
 * The text without the given secrets, in any spelling that JSON and URLs use, and without values of
 * credential parameters in URLs: a link to the next page repeats the token.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SECRET_LENGTH_MIN)
    .flatMap(spellings)
    .reduce((clean, spelling) => clean.replaceAll(spelling, REDACTED), text)
    .replace(IN_QUERY, `$1${REDACTED}`)
}

/** As `redact`, and also without credentials under their own names in JSON, and after `Bearer`. */
export function redactAll(text: string, secrets: readonly string[]): string {
  return redact(text, secrets).replace(IN_JSON, `$1${REDACTED}`).replace(IN_HEADER, `$1${REDACTED}`)
}

function spellings(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [...new Set([secret, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(secret)])]
}
