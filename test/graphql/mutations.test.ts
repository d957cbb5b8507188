import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGraphql } from '../support/graphql.ts'
import { addWorkspace } from '../support/rows.ts'

const graphql = await openGraphql({ jobs: true })
afterAll(() => graphql[Symbol.asyncDispose]())
beforeAll(() => addWorkspace(graphql.db, 'one'))

const CONNECT = `mutation ($input: ConnectAccountInput!) {
  connectAccount(input: $input) {
    __typename
    ... on Error { code message }
    ... on InvalidInputError { field }
    ... on ConnectAccountSucceeded {
      account { localId handle connection { status scopes tokenExpiresAt } refreshes { totalCount } }
    }
  }
}`

const RECORD = `mutation ($input: RecordPostInput!) {
  recordPost(input: $input) {
    __typename
    ... on Error { code message }
    ... on InvalidInputError { field }
    ... on RecordPostSucceeded {
      post { localId text publications { localId platformPostId contentType account { localId } } }
    }
  }
}`

const REFRESH = `mutation ($id: ID!, $key: String) {
  refreshAccount(accountId: $id, idempotencyKey: $key) {
    __typename
    ... on Error { code message }
    ... on NotConnectedError { connection { status } }
    ... on RefreshQueued { refresh { id status account { localId } } }
  }
}`

const send = (document: string, variables: object) =>
  graphql.query<Record<string, { __typename: string }>, object>(document, variables)

const account = {
  platform: 'TIKTOK',
  platformAccountId: '7000000000000000001',
  accessToken: 'secret-token',
  localId: 'acc_8f2c1d',
}

test('a connected account keeps the id that it was given, and its first refresh is queued', async () => {
  const input = {
    ...account,
    scopes: ['user.info.stats'],
    tokenExpiresAt: '2027-01-01T00:00:00+01:00',
  }
  const { data } = await send(CONNECT, { input })
  expect(data['connectAccount']).toEqual({
    __typename: 'ConnectAccountSucceeded',
    account: {
      localId: 'acc_8f2c1d',
      handle: null,
      connection: {
        status: 'CONNECTED',
        scopes: ['user.info.stats'],
        tokenExpiresAt: '2026-12-31T23:00:00.000Z',
      },
      refreshes: { totalCount: 1 },
    },
  })
})

test('an input that cannot be taken names its field, and changes nothing', async () => {
  const { data } = await send(CONNECT, { input: { ...account, localId: 'another' } })
  expect(data['connectAccount']).toMatchObject({
    __typename: 'InvalidInputError',
    code: 'BAD_USER_INPUT',
    field: 'localId',
  })
})

test('what happened to an account earlier in the same operation is seen by what follows', async () => {
  const { data } = await send(
    `mutation ($input: ConnectAccountInput!) {
      first: disconnectAccount(accountId: "acc_8f2c1d") {
        ... on DisconnectAccountSucceeded { account { connection { status } } }
      }
      refused: refreshAccount(accountId: "acc_8f2c1d") {
        ... on NotConnectedError { code connection { status } }
      }
      again: connectAccount(input: $input) {
        ... on ConnectAccountSucceeded { account { connection { status } } }
      }
      queued: refreshAccount(accountId: "acc_8f2c1d") {
        ... on RefreshQueued { refresh { account { connection { status } } } }
      }
    }`,
    { input: account },
  )
  const connected = { account: { connection: { status: 'CONNECTED' } } }
  expect(data).toEqual({
    first: { account: { connection: { status: 'DISCONNECTED' } } },
    refused: { code: 'NOT_CONNECTED', connection: { status: 'DISCONNECTED' } },
    again: connected,
    queued: { refresh: connected },
  })
})

test('a recorded post shows where it was published, under the ids that it was given', async () => {
  const publications = [
    { localId: 'pub_1', accountId: 'account', platformPostId: '1901234567890123457' },
    { accountId: 'acc_8f2c1d', platformPostId: '7300000000000000001', contentType: 'VIDEO' },
  ]
  const { data } = await send(RECORD, {
    input: { localId: 'post_2a7f93', text: 'Hello', publications },
  })
  expect(data['recordPost']).toMatchObject({
    __typename: 'RecordPostSucceeded',
    post: {
      localId: 'post_2a7f93',
      text: 'Hello',
      publications: expect.arrayContaining([
        expect.objectContaining({ localId: 'pub_1', platformPostId: '1901234567890123457' }),
        expect.objectContaining({ contentType: 'VIDEO', account: { localId: 'acc_8f2c1d' } }),
      ]),
    },
  })
})

test('a post of an account that there is not is not recorded', async () => {
  const publications = [{ accountId: 'nobody', platformPostId: '1' }]
  const { data } = await send(RECORD, { input: { publications } })
  expect(data['recordPost']).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
})

test('wishes for one account share its refresh, by the plain id and by the global one', async () => {
  const first = await send(REFRESH, { id: 'account', key: 'once' })
  expect(first.data['refreshAccount']).toMatchObject({
    __typename: 'RefreshQueued',
    refresh: { status: 'QUEUED', account: { localId: 'account' } },
  })
  const globalId = Buffer.from('Account:account').toString('base64')
  expect((await send(REFRESH, { id: globalId })).data).toEqual(first.data)
})

test.each([[''], ['a\0b'], ['k'.repeat(256)]])('%j is no idempotency key', async (key) => {
  const { errors } = await send(REFRESH, { id: 'account', key })
  const extensions = { code: 'BAD_USER_INPUT', field: 'idempotencyKey' }
  expect(errors).toMatchObject([{ extensions }])
})

test('a post is refreshed with one refresh for each of its accounts', async () => {
  const { data } = await send(
    `mutation { refreshPost(postId: "post_2a7f93") {
      ... on RefreshPostQueued { post { localId } refreshes { account { localId } } }
    } }`,
    {},
  )
  expect(data['refreshPost']).toEqual({
    post: { localId: 'post_2a7f93' },
    refreshes: expect.arrayContaining([
      { account: { localId: 'account' } },
      { account: { localId: 'acc_8f2c1d' } },
    ]),
  })
})

test('no answer and no log shows a token', async () => {
  const { data, errors } = await send(
    '{ accounts { nodes { handle rawMetrics freshness { warnings errorMessage } } } }',
    {},
  )
  expect(JSON.stringify([data, errors, graphql.logged])).not.toContain('secret-token')
})
