import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** Adds the commands that repair what is stored, and let go of what is old. */
export function addUpkeep(program: Command, terminal: Terminal, outcome: { code: number }): void {
  program
    .command('renormalize')
    .description('Compute normalized numbers once more, where an older catalogue made them.')
    .option('--all', 'those that the present catalogue made as well')
    .option('--workspace <id>', 'only those of this workspace')
    .option('--dry-run', 'only count what would change')
    .action(async (options) => {
      outcome.code = await (await import('./renormalize.ts')).renormalize(terminal, options)
    })
  program
    .command('retain')
    .description('Let go of what is older than it is kept, as processes that refresh do hourly.')
    .option('--dry-run', 'only count what would go')
    .action(async (options) => {
      outcome.code = await (await import('./retain.ts')).retain(terminal, options)
    })
}
