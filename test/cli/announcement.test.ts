import { expect, onTestFinished, test } from 'vitest'
import { createApiKey } from '../../src/auth/keys.ts'
import { announce } from '../../src/cli/announcement.ts'
import { revokeApiKey } from '../../src/store/api-keys.ts'
import { openTestStore, type TestStoreOptions } from '../support/database.ts'
import { AT, addWorkspace, later } from '../support/rows.ts'
import { openTerminal } from '../support/terminal.ts'

const URLS =
  /GraphiQL +http:\/\/a\.test\/graphql\n +REST +http:\/\/a\.test\/docs\n +Health +http:\/\/a\.test\/readyz\n/

async function setUp(options: TestStoreOptions = {}) {
  const store = await openTestStore(options)
  onTestFinished(() => store.close())
  const announced = async ({ isTrusting = false } = {}) => {
    const { terminal, said } = openTerminal()
    await announce(terminal, { url: 'http://a.test', store, demo: null, isTrusting })
    return said().output
  }
  return { db: store.db, announced }
}

test('a gateway that nobody can ask yet says what to do next', async () => {
  const { db, announced } = await setUp({ backend: 'postgres' })
  expect(await announced()).toMatch(URLS)
  expect(await announced()).toMatch(
    /Next:\n +make a workspace +npm run --silent weir -- import FILE/,
  )
  await addWorkspace(db, 'acme')
  expect(await announced()).toMatch(/Next:\n +make an API key .* keys create --workspace acme /)
})

test('one that trusts its own documents alone offers no GraphiQL', async () => {
  const { announced } = await setUp()
  const said = await announced({ isTrusting: true })
  expect(said).toContain('GraphQL    http://a.test/graphql, for its trusted documents alone\n')
  expect(said).not.toContain('GraphiQL')
})

test('one that somebody has a key for says no more than where it is', async () => {
  const { db, announced } = await setUp()
  await addWorkspace(db, 'acme')
  const request = { id: 'k', name: 'k', prefix: 'weir', scopes: [], createdAt: AT, expiresAt: null }
  await createApiKey(db, 'acme', request)
  expect(await announced()).toMatch(new RegExp(`${URLS.source}$`))
  await revokeApiKey(db, 'acme', 'k', later(1))
  expect(await announced()).toContain('Next: end this process')
})
