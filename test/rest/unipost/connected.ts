import { readFileSync } from 'node:fs'
import type { Platform } from '../../../src/domain/platform.ts'
import {
  type ConnectOptions,
  type Gateway,
  type GatewayOptions,
  startGateway,
  WORKSPACE,
} from '../../support/gateway.ts'
import { importInto } from '../../support/importing.ts'

const EXAMPLE = new URL('../../../src/rest/unipost/example.ndjson', import.meta.url)

/** The path of an account's metrics. */
export function pathOf(accountId: string): string {
  return `/v1/accounts/${encodeURIComponent(accountId)}/metrics`
}

/** A gateway with the account that the document names, imported and then connected. */
export async function withDocumented(
  options: GatewayOptions & { grant?: ConnectOptions } = {},
): Promise<Gateway> {
  const gateway = await startGateway({ isWorker: false, ...options })
  const lines = readFileSync(EXAMPLE, 'utf8').trim().split('\n')
  const [, record] = lines.map((line) => JSON.parse(line))
  const imported = { ...record, workspace_id: WORKSPACE }
  const { problems } = await importInto(gateway.db, [imported])
  const account = gateway.simulator.world.accounts.find(
    ({ platformAccountId }) => platformAccountId === imported.platform_account_id,
  )
  if (!account || problems.length > 0) throw new Error(JSON.stringify(problems))
  await gateway.connect(account, options.grant)
  return gateway
}

/** Connects an account of a platform under an id. */
export async function connect(
  gateway: Gateway,
  platform: Platform,
  options: ConnectOptions & { localId: string },
): Promise<void> {
  const account = gateway.simulator.world.accounts.find((each) => each.platform === platform)
  if (!account) throw new Error('The world has no such account.')
  await gateway.connect(account, options)
}
