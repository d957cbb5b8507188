import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('a process that uses the database server of the tests ends with its own exit code', () => {
  const script = "process.exitCode = 3; await import('./test/support/postgres-server.ts')"
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  expect(status).toBe(3)
})
