import { expect, test } from 'vitest'
import { startGateway } from '../../support/gateway.ts'
import { ACCOUNTS, documented, fill } from './documented.ts'

const PATH = '/v1/analytics/accounts'

test('the answer is the one that the document prints', async () => {
  await using gateway = await startGateway()
  await fill(gateway, ACCOUNTS)
  const response = await gateway.rest(PATH)
  expect(response.status).toBe(200)
  expect(await response.text()).toBe(JSON.stringify(documented('accounts')))
})
