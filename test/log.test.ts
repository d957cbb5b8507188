import { expect, test } from 'vitest'
import { createRequestScopes } from '../src/http/request-scope.ts'
import { createLog } from '../src/log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = []
  write(createLog('info', (line) => lines.push(line)))
  return lines
}

test('an event is one JSON line with its level, time, fields and message', () => {
  const [line, ...more] = logged((log) => log.warn({ accountId: 'acc_1' }, 'It is\nslow.'))
  expect(more).toEqual([])
  expect(line?.trimEnd()).not.toContain('\n')
  const event = JSON.parse(line ?? '')
  expect(event).toMatchObject({ level: 'warn', accountId: 'acc_1', message: 'It is\nslow.' })
  expect(new Date(event.time).toISOString()).toBe(event.time)
})

test('a secret that slips into the fields is not written', () => {
  const fields = {
    authorization: 'Bearer hunter2',
    account: { accessToken: 'hunter2', request: { headers: 'kept', authorization: 'hunter2' } },
    body: 'hunter2',
  }
  const [line] = logged((log) => log.error(fields, 'failed'))
  expect(line).not.toContain('hunter2')
  expect(line).toContain('kept')
})

test('what is below the level is left out', () => {
  const lines: string[] = []
  createLog('error', (line) => lines.push(line)).info({}, 'hello')
  expect(lines).toEqual([])
})

test('an error is written with its stack', () => {
  const [line] = logged((log) => log.error({ error: new Error('broken') }, 'failed'))
  expect(JSON.parse(line ?? '').error).toMatchObject({ message: 'broken', type: 'Error' })
})

test('a line of a request says which, and of whom; what it says itself comes first', () => {
  const lines: string[] = []
  const scopes = createRequestScopes('p')
  const log = createLog('info', (line) => lines.push(line), scopes)
  const fields = scopes.begin('given-1')
  scopes.run(fields, () => log.info({}, 'before its key is known'))
  Object.assign(fields, { workspaceId: 'w', keyId: 'k' })
  scopes.run(fields, () => log.info({ workspaceId: 'other' }, 'after'))
  log.info({}, 'of no request')
  const told = lines.map((line) => JSON.parse(line))
  expect(told.map(({ level, time, message, ...more }) => more)).toEqual([
    { requestId: 'given-1' },
    { requestId: 'given-1', workspaceId: 'other', keyId: 'k' },
    {},
  ])
})

test('an id that could break a log is not taken over', () => {
  const scopes = createRequestScopes('p')
  const ids = ['ok.id-1=', 'with space', 'x'.repeat(129), '', undefined, ['a', 'b']].map(
    (given) => scopes.begin(given).requestId,
  )
  expect(ids).toEqual(['ok.id-1=', 'p-1', 'p-2', 'p-3', 'p-4', 'p-5'])
})
