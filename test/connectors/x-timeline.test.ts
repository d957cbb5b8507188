import { expect, test } from 'vitest'
import type { ListedPublication, Listing } from '../../src/domain/connector.ts'
import {
  accountOn,
  expectNoCredential,
  failureOfCall,
  openUpstream,
  type Reply,
  type Request,
  type Upstream,
} from './support.ts'
import { answerFrom, X_ACCOUNT_ID, X_USER, xPost, xProblem } from './x-world.ts'

const ACCOUNT = accountOn('x', { platformAccountId: X_ACCOUNT_ID, handle: 'acmetools' })

const start = (answer: (request: Request) => Reply) => openUpstream('x', answer)

async function listAll({ connector, context }: Upstream, account = ACCOUNT) {
  const items: ListedPublication[] = []
  const accounts: Listing['account'][] = []
  let cursor: string | null = null
  do {
    const page: Listing = await connector.listPublications(account, cursor, context)
    items.push(...page.items)
    accounts.push(page.account)
    cursor = page.nextCursor
  } while (cursor !== null)
  return { items, accounts: accounts.filter((account) => account !== null) }
}

const idOf = (index: number) => String(1_800_000_000_000_001_000n - BigInt(index))
const posts = (young: number, older: number) =>
  Array.from({ length: young + older }, (_, index) =>
    xPost(idOf(index), index < young ? 1 + index / 100 : 30 + index / 100),
  )

test.each([0, 1, 99, 100, 101, 150, 200, 201, 249, 250])(
  '250 posts, %d of them young, cost at most 4 calls with the account among them',
  async (young) => {
    const upstream = start(answerFrom(posts(young, 250 - young)))
    const { items, accounts } = await listAll(upstream)
    expect(items.map((item) => item.platformPostId)).toEqual(posts(250, 0).map(({ id }) => id))
    expect(upstream.calls()).toBeLessThanOrEqual(4)
    expect(accounts).toHaveLength(1)
    expect(accounts[0]?.native).toMatchObject({ followers_count: 3_412_345_678, listed_count: 0 })
  },
)

test('young posts come with their private numbers, older ones are not asked for them', async () => {
  const upstream = start(answerFrom(posts(1, 1)))
  const { items } = await listAll(upstream)
  expect(items.map((item) => item.reading?.native['url_link_clicks'])).toEqual([12, 12])
  const fields = upstream.requests.map(({ url }) => url.searchParams.get('tweet.fields'))
  expect(fields[0]).toContain('non_public_metrics')
  expect(fields[1]).not.toContain('non_public_metrics')
})

test('the account is asked for until an answer holds it, and never again', async () => {
  const upstream = start(answerFrom(posts(101, 101)))
  await listAll(upstream)
  const asked = upstream.requests.map(({ url }) => url.searchParams.has('user.fields'))
  expect(asked).toEqual([true, false, false, false])
  expect(upstream.requests[0]?.url.searchParams.get('exclude')).toBe('replies,retweets')
})

test('an account without posts is no error, and leaves its numbers to a call of their own', async () => {
  const upstream = start(() => ({ json: { meta: { result_count: 0 } } }))
  expect(await listAll(upstream)).toEqual({ items: [], accounts: [] })
  expect(upstream.calls()).toBe(2)
})

test('a post that vanished for its private numbers is read again without them', async () => {
  const [young] = posts(1, 0)
  const field = { field: 'non_public_metrics.engagements', section: 'data' }
  const upstream = start(({ url }) => {
    const asksPrivate = url.searchParams.get('tweet.fields')?.includes('non_public') === true
    if (!asksPrivate)
      return answerFrom([{ ...young, non_public_metrics: undefined }])({ url } as Request)
    const errors = [1, 2].map(() => xProblem('not-authorized-for-field', idOf(0), field))
    return { json: { errors, meta: { result_count: 0 } } }
  })
  const { items } = await listAll(upstream)
  expect(items).toHaveLength(1)
  expect(items[0]?.reading?.native['like_count']).toBe(41)
  expect(items[0]?.reading?.missing['url_link_clicks']).toBe('not_reported')
  expect(items[0]?.reading?.warnings).toEqual([
    'X did not show url_link_clicks, user_profile_clicks, engagements: this account may not see them.',
  ])
})

test('a page token that does not move ends its phase instead of listing for ever', async () => {
  const upstream = start(() => ({ json: { meta: { result_count: 0, next_token: 'same' } } }))
  await listAll(upstream)
  expect(upstream.calls()).toBe(4)
})

test('an account that X will not show fails as a whole, an answer about nothing is malformed', async () => {
  const listing = (json: object) => {
    const { connector, context } = start(() => ({ json }))
    return failureOfCall(connector.listPublications(ACCOUNT, null, context))
  }
  const errors = [xProblem('not-authorized-for-resource', X_ACCOUNT_ID, { resource_type: 'user' })]
  expect(await listing({ errors })).toMatchObject({ kind: 'missing_scope', status: 200 })
  expect((await listing({})).kind).toBe('malformed')
})

test('links bear the handle that the first page told, on the later pages too', async () => {
  const upstream = start(answerFrom(posts(101, 1)))
  const account = { ...ACCOUNT, account: { ...ACCOUNT.account, handle: null } }
  const { items } = await listAll(upstream, account)
  const links = items.map((item) => item.content.url?.replace(/\d+$/, ''))
  expect([...new Set(links)]).toEqual(['https://x.com/acmetools/status/'])
})

test('credentials are in no URL', async () => {
  const upstream = start(answerFrom(posts(1, 1)))
  await listAll(upstream)
  expectNoCredential(upstream.requests.map(({ url }) => url.href))
  expect(upstream.requests[0]?.headers['authorization']).toContain(ACCOUNT.accessToken)
  expect(X_USER.username).toBe(ACCOUNT.account.handle)
})

test('posts that X lists and does not show are told of', async () => {
  const hidden = xProblem('not-authorized-for-field', '2')
  const { connector, context } = openUpstream('x', ({ url }) =>
    url.pathname === '/2/tweets'
      ? { status: 500, text: '' }
      : {
          json: {
            data: [xPost('1', 1), { ...xPost('2', 1), id: undefined }, null],
            errors: [hidden],
            meta: { result_count: 3 },
          },
        },
  )
  const { items, warnings } = await connector.listPublications(ACCOUNT, null, context)
  expect(items.map((item) => item.platformPostId)).toEqual(['1'])
  expect(warnings).toEqual(['X did not show 2 of the posts that it listed.'])
})
