import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { openTestStore } from '../support/database.ts'
import { numbersOf } from './fake-platform.ts'
import { openRefreshing, type Refreshing, WORKSPACE } from './refreshing.ts'

const ACCOUNTS = ['a', 'b']

function record({ commands }: Refreshing, platformPostId: string) {
  const unsaid = { localId: null, url: null, text: null, contentType: null }
  const when = { createdAt: null, publishedAt: null }
  const publications = ACCOUNTS.map((accountId) => ({
    ...unsaid,
    ...when,
    accountId,
    platformPostId,
  }))
  return commands.recordPost(WORKSPACE, { localId: platformPostId, text: null, publications })
}

test('of accounts connected at once under one id, and under several, one keeps its own', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 12 })
  await using weir = await openRefreshing(store)
  const tokens = { accessToken: 'a', refreshToken: null, tokenExpiresAt: null, scopes: null }
  const connect = async (platformAccountId: string, localId: string) => {
    const account = { platform: 'tiktok', platformAccountId, localId, handle: null } as const
    return (await weir.commands.connectAccount(WORKSPACE, { ...account, ...tokens })).kind
  }
  const numbers = [1, 2, 3, 4, 5, 6]
  const others = Array(numbers.length - 1).fill('invalid')
  const sameId = await Promise.all(numbers.map((each) => connect(`account-${each}`, 'same')))
  expect(sameId.sort()).toEqual(['connected', ...others])
  const sameAccount = await Promise.all(numbers.map((each) => connect('account', `id-${each}`)))
  expect(sameAccount.sort()).toEqual(['connected', ...others])
})

// One account has an active refresh and the other none: whoever locked what there is, one thing
// after the other, would meet somebody coming the other way.
test('posts recorded and refreshed on the same accounts at once never wait in a circle', async () => {
  await using store = await openTestStore({ backend: 'postgres', poolMax: 12 })
  await using weir = await openRefreshing(store, { newId: v7 })
  for (const id of ACCOUNTS) {
    const { refresh } = await weir.connect({ platformAccountId: id, localId: id })
    await weir.run(refresh)
  }
  await record(weir, 'first')
  for (let round = 0; round < 15; round += 1) {
    const wish = { postId: 'first', accountId: null, idempotencyKey: null }
    const answers = await Promise.all([
      record(weir, `${round}`),
      weir.commands.requestPostRefresh(WORKSPACE, wish),
      record(weir, `other-${round}`),
      weir.commands.requestPostRefresh(WORKSPACE, wish),
    ])
    expect(answers.map(({ kind }) => kind)).toEqual(['recorded', 'queued', 'recorded', 'queued'])
    weir.platform.publications = { first: numbersOf(round) }
    const [, queued] = answers
    const refreshes = queued?.kind === 'queued' && 'refreshes' in queued ? queued.refreshes : []
    for (const each of refreshes) if (each.accountId === 'a') await weir.run(each)
  }
})
