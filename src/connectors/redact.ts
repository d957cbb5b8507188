const REDACTED = '[redacted]'

/** Shorter texts are no credentials, and replacing them would damage ordinary words. */
const SECRET_LENGTH_MIN = 8
const BASE64_GROUP = 4

const NAMES = 'access_token|refresh_token|client_secret|fb_exchange_token|input_token'
const IN_QUERY = new RegExp(`((?:${NAMES})(?:=|%3D))[^&"'\\\\\\s<>]+`, 'gi')
const IN_JSON = new RegExp(`("(?:${NAMES})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, 'gi')
const IN_HEADER = /\b((?:Bearer|Basic)\s+)[\w~+/.=!-]{8,}/gi

/**
 * The text without the given secrets, in any spelling that JSON (also in JSON), URLs, forms, HTML
 * and base64 use, and without values of credential parameters in URLs: a link to the next page
 * repeats the token.
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

// Longer ones first: what is replaced in part is found no more.
function spellings(secret: string): string[] {
  const inJson = escaped(secret)
  const inUrl = encodeURIComponent(secret)
  const texts = [
    ...[secret, inJson, escaped(inJson), escaped(escaped(inJson))],
    ...[inJson.replaceAll('/', '\\/'), escaped(inJson.replaceAll('/', '\\/'))],
    ...[inUrl, inUrl.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())],
    ...[new URLSearchParams({ '': secret }).toString().slice(1), inHtml(secret)],
    ...[Buffer.from(secret).toString('hex'), ...inBase64(secret)],
  ]
  return [...new Set(texts)].toSorted((one, other) => other.length - one.length)
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function inHtml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' }
  return text.replaceAll(/[&"<>]/g, (character) => named[character] ?? character)
}

// In base64 a text looks one of three ways, by what stands before it; its first and last characters
// depend on its neighbours and are left out.
function inBase64(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
    const skipped = before === 0 ? 0 : BASE64_GROUP
    const forms = [whole.toString('base64'), whole.toString('base64url')]
    return forms
      .map((text) => text.slice(skipped))
      .filter((text) => text.length >= SECRET_LENGTH_MIN)
  })
}
