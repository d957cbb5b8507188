import { startSimulator } from '../simulator/server.ts'
import { createWorld } from '../simulator/world.ts'
import { portError } from './port-error.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

/** What `weir simulator` is told. */
export interface SimulatorCommand {
  /** 0: any free port. */
  port: number
  seed: number
}

/** Serves the simulated platforms until the process is asked to end. */
export async function simulate(
  terminal: Terminal,
  { port, seed }: SimulatorCommand,
): Promise<void> {
  const world = createWorld({ seed })
  const simulator = await startSimulator({ world, port, now: terminal.now }).catch((error) => {
    throw portError(error, { port, host: '127.0.0.1', portName: '--port', hostName: 'the host' })
  })
  terminal.report(
    `The platforms of seed ${seed} are at ${simulator.url}. A gateway reads them with`,
  )
  for (const [name, url] of Object.entries(simulator.origins)) terminal.print(`${name}=${url}`)
  terminal.report('Accounts, and access tokens that are accepted:')
  const rows = world.accounts.map((account) => {
    const { accessToken } = simulator.tokensOf(account)
    return [account.platform, account.platformAccountId, account.handle, accessToken]
  })
  for (const line of renderTable(rows)) terminal.report(line)
  await terminal.untilStopped()
  await simulator.close()
}
