/** Where a secret was found, and how it was written there. */
export interface Leak {
  secret: string
  form: string
  place: string
  around: string
}

/** Every way in which texts may write a secret down. */
export function formsOf(secret: string): Record<string, string> {
  const inJson = JSON.stringify(secret).slice(1, -1)
  const inUrl = encodeURIComponent(secret)
  return {
    plain: secret,
    json: inJson,
    'json in json': JSON.stringify(inJson).slice(1, -1),
    'json with slashes': inJson.replaceAll('/', '\\/'),
    url: inUrl,
    'url in small letters': inUrl.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    form: new URLSearchParams({ '': secret }).toString().slice(1),
    html: secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
    hex: Buffer.from(secret).toString('hex'),
    ...Object.fromEntries(
      [0, 1, 2].map((offset) => [`base64 at ${offset}`, base64At(secret, offset)]),
    ),
  }
}

// What base64 is of a text does not depend on what stands around it, but for its ends.
function base64At(secret: string, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const whole = text.subarray(0, text.length - (text.length % 3)).toString('base64')
  return whole.slice(offset === 0 ? 0 : 4)
}

/** Every secret that stands in one of the texts, in whatever form. */
export function leaksIn(
  texts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Leak[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(formsOf(secret)).flatMap(([form, text]) =>
      Object.entries(texts).flatMap(([place, searched]) => {
        const at = searched.replaceAll('-', '+').replaceAll('_', '/')
        const found = form.startsWith('base64') ? at.indexOf(text) : searched.indexOf(text)
        const around = searched.slice(Math.max(0, found - 80), found + text.length + 20)
        return found < 0 ? [] : [{ secret: name, form, place, around }]
      }),
    ),
  )
}
