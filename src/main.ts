import { v7 as uuid } from 'uuid'
import { runProgram } from './cli/program.ts'
import type { Terminal } from './cli/terminal.ts'

const terminal: Terminal = {
  environment: process.env,
  get input() {
    return process.stdin.setEncoding('utf8')
  },
  print: (line) => void process.stdout.write(`${line}\n`),
  report: (line) => void process.stderr.write(`${line}\n`),
  redraw: process.stderr.isTTY ? (line) => void process.stderr.write(`\r\u001b[2K${line}`) : null,
  now: () => new Date(),
  newId: () => uuid(),
  random: () => Math.random(),
  untilStopped,
}

// The first signal ends the process in order, the second one at once.
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        for (const other of ['SIGINT', 'SIGTERM'] as const)
          process.once(other, () => process.exit(1))
        resolve()
      })
    }
  })
}

process.exitCode = await runProgram(terminal, process.argv.slice(2))
