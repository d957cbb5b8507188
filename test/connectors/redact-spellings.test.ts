import { expect, test } from 'vitest'
import { redact } from '../../src/connectors/redact.ts'
import { formsOf, leaksIn } from '../security/leaks.ts'

const SECRETS = [
  'plain-token-0123456789',
  'odd "token"/+=\\~%27z&y<',
  'EAAG5k|a.b-c_d',
  'päß🌊token',
]

test.each(SECRETS)(
  'a secret is gone from a text in whatever way it is written there: %s',
  (secret) => {
    for (const [form, text] of Object.entries(formsOf(secret))) {
      const clean = redact(`before ${text} after`, [secret])
      expect([form, clean.startsWith('before '), clean.endsWith(' after')]).toEqual([
        form,
        true,
        true,
      ])
      expect([form, leaksIn({ clean }, { secret })]).toEqual([form, []])
    }
  },
)

test('nor is it found in the base64 of a text that it stands in', () => {
  for (const secret of SECRETS) {
    for (const before of ['', 'a', 'id:', 'user:']) {
      const text = Buffer.from(`${before}${secret}:after`).toString('base64')
      expect(leaksIn({ clean: redact(text, [secret]) }, { secret })).toEqual([])
    }
  }
})
