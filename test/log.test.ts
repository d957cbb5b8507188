import { expect, test } from 'vitest'
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
