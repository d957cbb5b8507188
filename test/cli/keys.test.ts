import { beforeAll, expect, test } from 'vitest'
import { runCommand } from '../support/terminal.ts'
import { suiteFolder } from '../support/weir.ts'

const environment = { WEIR_DATA_DIR: suiteFolder() }
const clock = { now: new Date('2026-06-29T12:00:00Z') }
const run = (...words: string[]) => runCommand(words, { environment, now: () => clock.now })
const create = (name: string, ...more: string[]) =>
  run('keys', 'create', '--workspace', 'w', '--name', name, '--scopes', 'analytics:read', ...more)

beforeAll(async () => {
  const input = (async function* () {
    yield '{"type":"workspace","id":"w","name":"W"}'
  })()
  await runCommand(['import', '-'], { environment, input })
}, 60_000)

test('a name is one living key’s, and free again when that is revoked', async () => {
  expect((await create('dash')).code).toBe(0)
  expect(await create('dash')).toMatchObject({
    ...{ code: 1, output: '' },
    errors:
      'weir: The workspace w has an active key dash already: revoke it, or take another name.\n',
  })
  expect((await run('keys', 'revoke', 'dash')).errors).toBe(
    'The key dash of w is revoked. Servers refuse it within 5 s.\n',
  )
  expect((await create('dash')).code).toBe(0)
  const { output } = await run('keys', 'list')
  expect(output.match(/dash .* revoked$/gm)).toHaveLength(1)
  expect(output.match(/dash .* active$/gm)).toHaveLength(1)
  // The name means the key that lives.
  expect((await run('keys', 'revoke', 'dash')).code).toBe(0)
  expect(await run('keys', 'revoke', 'dash')).toMatchObject({
    ...{ code: 1, errors: 'weir: The key dash of w is revoked already.\n' },
  })
}, 60_000)

test('an expired key’s name is free, and the list says when keys end', async () => {
  const end = '2026-06-29T13:00:00Z'
  expect((await create('short', '--expires-at', end)).code).toBe(0)
  expect((await create('short')).code).toBe(1)
  clock.now = new Date('2026-06-29T13:00:01Z')
  expect((await create('short')).code).toBe(0)
  const { output } = await run('keys', 'list')
  expect(output).toMatch(/^ID +NAME .* CREATED +EXPIRES +LAST USED +STATE$/m)
  expect(output.match(/short .* 2026-06-29T13:00:00Z +never +expired$/gm)).toHaveLength(1)
  expect(output.match(/short .* never +never +active$/gm)).toHaveLength(1)
}, 60_000)

test.each([[['analytics:read,analytics:refresh']], [['analytics:read', 'analytics:refresh']]])(
  'scopes are separated by commas or spaces: %j',
  async (scopes) => {
    const words = ['keys', 'create', '--workspace', 'w', '--name', `of ${scopes.length}`]
    const { code, errors } = await run(...words, '--scopes', ...scopes)
    expect(code).toBe(0)
    expect(errors).toContain('may analytics:read, analytics:refresh.')
    expect((await run('keys', 'create', '--help')).output).toMatch(/commas\s+or\s+spaces/)
  },
  60_000,
)
