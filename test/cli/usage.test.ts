import { expect, test } from 'vitest'
import { runCommand } from '../support/terminal.ts'

test.each([
  [['serv'], `unknown command 'serv' (Did you mean serve?)`, ''],
  [['keys', 'creat'], `unknown command 'creat' (Did you mean create?)`, 'keys '],
  [['import'], `missing required argument 'file'`, 'import '],
  [['keys', 'create'], `required option '--workspace <id>' not specified`, 'keys create '],
  [['import', 'a', '--replce'], `unknown option '--replce' (Did you mean --replace?)`, 'import '],
  [
    ['simulator', '--port', 'x'],
    `option '--port <port>' argument 'x' is invalid. It takes a whole number from 0 to 65535`,
    'simulator ',
  ],
])('a wrong command line is one line that says where to look: %j', async (words, problem, path) => {
  expect(await runCommand(words)).toEqual({
    ...{ code: 1, output: '' },
    errors: `weir: ${problem}. See "npm run --silent weir -- ${path}--help".\n`,
  })
})

test('help is no error', async () => {
  const { code, output, errors } = await runCommand(['import', '--help'])
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(output).toContain('Usage: weir import')
})

test('the help of import says what replacing does to members that are left out, or null', async () => {
  const { output } = await runCommand(['import', '--help'])
  expect(output.replace(/\s+/g, ' ')).toContain(
    'overwrite what exists already with the members that a record gives; those that it leaves out stay, and null clears',
  )
})
