import { Command, CommanderError, InvalidArgumentError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { SCOPES } from '../auth/scopes.ts'
import { ConfigError } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { commandLine } from './invocation.ts'
import type { Terminal } from './terminal.ts'
import { addUpkeep } from './upkeep.ts'

const KEY_PREFIX_DEFAULT = 'weir'
const SIMULATOR_PORT_DEFAULT = 4100
const SEED_MAX = 2 ** 32 - 1
const REPLACE =
  'overwrite what exists already with the members that a record gives; those that it leaves out ' +
  'stay, and null clears'
const HELP = `
In the project's folder, "${commandLine('keys', 'list')}" runs "weir keys list".
The environment configures it: docs/config.md lists the variables.`

/**
 * Runs the command that the arguments name, and answers the process's exit code. What a person can
 * put right is reported in one line; anything else with its stack.
 */
export async function runProgram(terminal: Terminal, words: readonly string[]): Promise<number> {
  const outcome = { code: 0 }
  const program = createProgram(terminal, outcome)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return outcome.code
  } catch (error) {
    // Commander has said what is wrong already, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode
    terminal.report(`weir: ${messageOf(error)}`)
    return 1
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof AppError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function createProgram(terminal: Terminal, outcome: { code: number }): Command {
  const program = new Command('weir')
    .description('One graph over every social network’s analytics.')
    .version(manifest.version)
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.report(text.trimEnd()),
    })
  addServing(program, terminal)
  addKeys(program, terminal)
  addImport(program, terminal, outcome)
  addUpkeep(program, terminal, outcome)
  addSimulator(program, terminal)
  for (const command of [program, ...below(program)]) tellUsageErrors(command, terminal)
  return program
}

function below(command: Command): Command[] {
  return command.commands.flatMap((each) => [each, ...below(each)])
}

// As all that goes wrong: in one line, which here says where to look.
function tellUsageErrors(command: Command, terminal: Terminal): void {
  const words: string[] = []
  for (let each = command; each.parent !== null; each = each.parent) words.unshift(each.name())
  const hint = `See "${commandLine(...words, '--help')}".`
  command.configureOutput({
    outputError: (text) => {
      const problem = text
        .trim()
        .replace(/^error: /, '')
        .replace(/\s*\n\s*/g, ' ')
      terminal.report(`weir: ${problem.replace(/\.$/, '')}. ${hint}`)
    },
  })
}

// A command is loaded when it runs, so that none waits for the code of the others.
function addServing(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('Serve the graph, and refresh in the same process.')
    .option('--no-worker', 'only serve: refreshes are left to the command worker')
    .option('--no-demo', 'leave an empty embedded database empty')
    .action(async (options) => (await import('./serve.ts')).serve(terminal, options))
  program
    .command('worker')
    .description('Refresh, without serving requests. Takes a PostgreSQL server (DATABASE_URL).')
    .action(async () => (await import('./worker.ts')).work(terminal))
  program
    .command('migrate')
    .description('Bring the database to the newest schema.')
    .action(async () => (await import('./migrate.ts')).migrate(terminal))
}

function addKeys(program: Command, terminal: Terminal): void {
  const keys = program
    .command('keys')
    .description('Make, list and revoke API keys; rotate the secret key.')
  keys
    .command('create')
    .description('Make a key. It alone is printed to standard output, this one time.')
    .requiredOption('--workspace <id>', 'the workspace that it speaks for')
    .requiredOption('--name <name>', 'what people call it, once in a workspace')
    .requiredOption(
      '--scopes <scopes...>',
      `what it may do, with commas or spaces between: ${SCOPES.join(', ')}`,
    )
    .option('--prefix <prefix>', 'what it begins with', KEY_PREFIX_DEFAULT)
    .option('--expires-at <time>', 'when it ends, such as 2027-01-01T00:00:00Z (default: never)')
    .action(async (options) => (await import('./keys.ts')).createKey(terminal, options))
  keys
    .command('list')
    .description('Show every key, without the keys themselves.')
    .option('--workspace <id>', 'only the keys of this workspace')
    .action(async (options) => (await import('./keys.ts')).listKeys(terminal, options))
  keys
    .command('revoke')
    .description('End the use of a key.')
    .argument('<id-or-name>', 'the key')
    .option('--workspace <id>', 'the workspace, where several have a key of that name')
    .action(async (key, options) => (await import('./keys.ts')).revokeKey(terminal, key, options))
  addRotation(keys, terminal)
}

function addRotation(keys: Command, terminal: Terminal): void {
  keys
    .command('rotate-secret')
    .description(
      'Seal the tokens of all accounts anew, under WEIR_SECRET_KEY. An embedded database without ' +
        'one is given a new key. Can be ended and run again at any time.',
    )
    .action(async () => (await import('./rotate-secret.ts')).rotateSecret(terminal))
}

function addImport(program: Command, terminal: Terminal, outcome: { code: number }): void {
  program
    .command('import')
    .description(
      'Store records from newline-delimited JSON (docs/import.md): all of them, or none.',
    )
    .argument('<file>', 'the file, or - for standard input')
    .option('--replace', REPLACE)
    .action(async (file, options) => {
      const replace = options.replace === true
      outcome.code = await (await import('./import.ts')).importFile(terminal, file, { replace })
    })
}

function addSimulator(program: Command, terminal: Terminal): void {
  program
    .command('simulator')
    .description('Serve simulated platforms, for demos, tests and frontends.')
    .option(
      '--port <port>',
      'where; 0 for any free port',
      integerTo(65_535),
      SIMULATOR_PORT_DEFAULT,
    )
    .option('--seed <seed>', 'which world', integerTo(SEED_MAX), 1)
    .action(async (options) => (await import('./simulator.ts')).simulate(terminal, options))
}

function integerTo(max: number): (word: string) => number {
  return (word) => {
    const number = Number(word)
    if (/^\d+$/.test(word) && number <= max) return number
    throw new InvalidArgumentError(`It takes a whole number from 0 to ${max}.`)
  }
}
