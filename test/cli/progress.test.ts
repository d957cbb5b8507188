import { expect, test } from 'vitest'
import { startProgress } from '../../src/cli/progress.ts'
import { openTerminal } from '../support/terminal.ts'

const START = Date.parse('2026-06-01T00:00:00Z')

test('without a terminal, progress is a line at every tenth', () => {
  const { terminal, said } = openTerminal()
  const progress = startProgress(terminal, { label: 'rows', total: 40 })
  for (let row = 0; row < 40; row++) progress.advance(1)
  progress.advance(1)
  progress.end()
  const lines = said().errors.trimEnd().split('\n')
  expect(lines).toHaveLength(10)
  expect(lines[0]).toBe('rows: 4 of 40 (10 %)')
  expect(lines[9]).toBe('rows: 40 of 40 (100 %)')
})

test('on a terminal, a bar is drawn anew at most ten times a second, and goes at the end', () => {
  const drawn: string[] = []
  let ms = START
  const redraw = (line: string) => void drawn.push(line)
  const { terminal, said } = openTerminal({ redraw, now: () => new Date(ms) })
  const progress = startProgress(terminal, { label: 'rows', total: 200 })
  for (let row = 0; row < 100; row++) {
    progress.advance(1)
    ms += 10
  }
  progress.end()
  expect(drawn).toHaveLength(11)
  expect(drawn[5]).toBe(`rows ${'█'.repeat(8)}${'░'.repeat(22)} 25 %  51 of 200`)
  expect(drawn[10]).toBe('')
  expect(said()).toEqual({ output: '', errors: '' })
})
