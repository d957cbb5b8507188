import { once } from 'node:events'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { runWeir, startWeir, temporaryFolder } from '../support/weir.ts'

const WORKSPACE = { type: 'workspace', id: 'w', name: 'W' }

test.each([
  [{ WEIR_PORT: 'http' }, 'WEIR_PORT takes a whole number from 0 to 65535, not "http".'],
  [
    { WEIR_PROT: '1' },
    'WEIR_PROT is not one of the variables that Weir knows. Did you mean WEIR_PORT?',
  ],
  [{ DATABASE_URL: 'postgres://db/weir' }, 'WEIR_SECRET_KEY takes 32 bytes in base64,'],
])('a wrong environment is one line and exit 1: %o', async (environment, line) => {
  const { code, output, errors } = await runWeir(['serve'], environment)
  expect({ code, output, lines: errors.trimEnd().split('\n').length }).toEqual({
    ...{ code: 1, output: '', lines: 1 },
  })
  expect(errors).toContain(`weir: ${line}`)
})

test('a port that is taken is one line and exit 1, before anything is made', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as { port: number }
  const folder = temporaryFolder()
  const environment = { WEIR_DATA_DIR: `${folder}/data`, WEIR_PORT: `${port}` }
  const { code, errors } = await runWeir(['serve'], environment)
  expect({ code, errors }).toEqual({
    code: 1,
    errors: `weir: WEIR_PORT: port ${port} on 127.0.0.1 is taken by another process.\n`,
  })
  expect(existsSync(`${folder}/data`)).toBe(false)
})

test('an import names every problem by file, line and field, and stores nothing', async () => {
  const folder = temporaryFolder()
  const file = `${folder}/rows.ndjson`
  const account = { type: 'account', workspace_id: 'w', platform: 'x', platform_account_id: 1 }
  writeFileSync(file, `${JSON.stringify(WORKSPACE)}\n{\n${JSON.stringify(account)}\n`)
  const environment = { WEIR_DATA_DIR: `${folder}/data` }
  const { code, output, errors } = await runWeir(['import', file], environment)
  expect({ code, output, lines: errors.split('\n') }).toEqual({
    ...{ code: 1, output: '' },
    lines: [
      `${file}:2: line: is not valid JSON`,
      `${file}:3: platform_account_id: must be a text in quotes`,
      'Nothing was stored: 2 problems.',
      '',
    ],
  })
  const keys = ['keys', 'create', '--workspace', 'w', '--name', 'k', '--scopes', 'analytics:read']
  expect((await runWeir(keys, environment)).errors).toContain('There is no workspace w')
})

test('what is no file, and a file of nothing, is said in a line', async () => {
  const folder = temporaryFolder()
  const environment = { WEIR_DATA_DIR: `${folder}/data` }
  expect(await runWeir(['import', `${folder}/none.ndjson`], environment)).toEqual({
    ...{ code: 1, output: '' },
    errors: `weir: ${folder}/none.ndjson cannot be read: no such file or directory.\n`,
  })
  const { errors } = await runWeir(['import', folder], environment)
  expect(errors).toBe(`weir: ${folder} cannot be read: illegal operation on a directory.\n`)
  expect(await runWeir(['import', '-'], environment, '\n\n')).toEqual({
    ...{ code: 0, output: '' },
    errors: '- holds no records, so there is nothing to store.\n',
  })
})

test('an embedded database serves one process, and its secret only its owner', async () => {
  const folder = temporaryFolder()
  const environment = { WEIR_DATA_DIR: folder }
  const first = startWeir(['serve', '--no-demo'], environment)
  await first.until(/make an API key .*\n/)
  expect(first.output).not.toMatch(/^ *API key /m)
  expect(statSync(`${folder}/secret-key`).mode & 0o777).toBe(0o600)
  const others = [['keys', 'list'], ['serve']].map((words) => runWeir(words, environment))
  const refusal = `weir: The embedded database in ${folder} is open in process ${first.pid}. `
  for (const { code, errors } of await Promise.all(others)) {
    expect([code, errors.slice(0, refusal.length)]).toEqual([1, refusal])
  }
})

test('pages of the configured sites may ask the graph, its page stays for everybody', async () => {
  const origin = 'https://app.example.com'
  const environment = { WEIR_DATA_DIR: temporaryFolder(), WEIR_CORS_ORIGINS: origin }
  const weir = startWeir(['serve', '--no-demo'], environment)
  const [, url = ''] = await weir.until(/GraphiQL +(\S+)/)
  const preflight = { origin, 'access-control-request-method': 'POST' }
  expect((await fetch(url, { method: 'OPTIONS', headers: preflight })).status).toBe(204)
  const answer = await fetch(url, { method: 'POST', headers: { origin } })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, origin])
  expect(answer.headers.get('vary')).toContain('Origin')
  const page = await fetch(url, { headers: { accept: 'text/html' } })
  expect([page.status, page.headers.get('access-control-allow-origin')]).toEqual([200, null])
})

test('a worker of its own is refused on the embedded database', async () => {
  const { code, errors } = await runWeir(['worker'], { WEIR_DATA_DIR: temporaryFolder() })
  expect(code).toBe(1)
  expect(errors).toMatch(/^weir: A worker of its own takes a PostgreSQL server \(DATABASE_URL\)\./)
})

test('the simulated platforms print the base URLs to read them by', async () => {
  const simulator = startWeir(['simulator', '--port', '0'], {})
  const [, url] = await simulator.until(/^WEIR_X_API_URL=(http:\/\/127\.0\.0\.1:\d+\/x)$/m)
  expect((await fetch(`${url}/2/users/me`)).status).toBe(401)
  expect(await simulator.stop()).toBe(0)
})

test('help names every command, and an unknown one is exit 1', async () => {
  const { code, output } = await runWeir(['--help'], {})
  expect(code).toBe(0)
  for (const name of ['serve', 'worker', 'migrate', 'keys', 'import', 'simulator']) {
    expect(output).toContain(`\n  ${name}`)
  }
  expect((await runWeir(['serv'], {})).code).toBe(1)
})
