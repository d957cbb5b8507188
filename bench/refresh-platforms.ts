import { once } from 'node:events'
import { startSimulator } from '../src/simulator/server.ts'
import { createWorld } from '../src/simulator/world.ts'
import { type Plan, plansOf } from './refresh-plan.ts'

// The platforms, in a process of their own. The first message is the plan; every other one is
// answered with how many calls came so far. It ends when whoever started it lets go.
process.send?.('started')
const [plan] = (await once(process, 'message')) as [Plan]
const world = createWorld({ seed: 1, accounts: plansOf(plan) })
const simulator = await startSimulator({
  ...{ world, port: 0, now: () => new Date(), switches: { limits: 'off' } },
})
let calls = 0
const add = simulator.calls.add
simulator.calls.add = (call) => {
  calls += 1
  add(call)
}
process.send?.({
  origins: simulator.origins,
  accounts: world.accounts.map((account) => ({
    platform: account.platform,
    platformAccountId: account.platformAccountId,
    accessToken: simulator.tokensOf(account).accessToken,
    publications: world.publications(account, new Date()).map((publication) => ({
      platformPostId: publication.platformPostId,
      contentType: publication.contentType,
      publishedAt: publication.publishedAt.toISOString(),
    })),
  })),
})
process.on('message', () => process.send?.({ calls }))
await once(process, 'disconnect')
await simulator.close()
