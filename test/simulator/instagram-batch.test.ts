import { expect, test } from 'vitest'
import { at, form, idsOf, listAt, type Platforms, planFor, startPlatforms } from './platforms.ts'

const ID = '17841400000000123'

const FACEBOOK_LOGIN = ['instagram_basic', 'instagram_manage_insights']

function batch(platforms: Platforms, urls: readonly string[], prefix = 'facebook') {
  const { accessToken } = platforms.simulator.tokensOf(platforms.account())
  const operations = urls.map((relative_url) => ({ method: 'GET', relative_url }))
  const fields = {
    access_token: accessToken,
    include_headers: 'false',
    batch: JSON.stringify(operations),
  }
  return platforms.ask('/v25.0/', { ...form(fields), as: null, prefix })
}

test('a batch answers in order, each part as text, and may leave a part unfinished', async () => {
  await using platforms = await startPlatforms([planFor('instagram', { scopes: FACEBOOK_LOGIN })])
  const [first, second, third] = idsOf(platforms)
  const { faults } = platforms.simulator
  faults.add({ platform: 'instagram', id: `${second}`, times: 1, fault: { kind: 'unfinished' } })
  const urls = [first, second, third, '18000000000000001'].map(
    (id) => `${id}/insights?metric=views`,
  )
  const answer = await batch(platforms, urls)
  expect(answer.status).toBe(200)
  expect([0, 1, 2, 3].map((place) => at(answer, place, 'code'))).toEqual([200, undefined, 200, 400])
  expect(JSON.parse(`${at(answer, 0, 'body')}`)).toMatchObject({ data: [{ name: 'views' }] })
  expect(at(answer, 1)).toBeNull()
  const again = await batch(platforms, urls.slice(1, 2))
  expect(at(again, 0, 'code')).toBe(200)
})

test('a batch takes fifty parts, on the host of the Facebook login only', async () => {
  await using platforms = await startPlatforms([planFor('instagram', { scopes: FACEBOOK_LOGIN })])
  const urls = Array.from({ length: 51 }, () => `${ID}?fields=username`)
  expect(listAt(await batch(platforms, urls.slice(1)))).toHaveLength(50)
  const refused = await batch(platforms, urls)
  expect(at(refused, 'error', 'type')).toBe('GraphBatchException')
  const elsewhere = await batch(platforms, urls.slice(50), 'instagram')
  expect(at(elsewhere, 'error', 'code')).toBe(2500)
})

test('the Facebook login finds the account through its page', async () => {
  await using platforms = await startPlatforms([planFor('instagram', { scopes: FACEBOOK_LOGIN })])
  const options = { prefix: 'facebook' }
  const pages = await platforms.ask('/v25.0/me/accounts', options)
  expect(at(pages, 'data', 0, 'instagram_business_account', 'id')).toBe(ID)
  expect((await platforms.ask(`/v25.0/${ID}?fields=username`, options)).body).toEqual({
    username: 'acme',
    id: ID,
  })
})

test('the application can look into a token, and lengthen it', async () => {
  await using platforms = await startPlatforms([planFor('instagram', { scopes: FACEBOOK_LOGIN })])
  const { client, tokensOf } = platforms.simulator
  const { accessToken, scopes } = tokensOf(platforms.account())
  const options = { prefix: 'facebook', as: null }
  const app = encodeURIComponent(`${client.id}|${client.secret}`)
  const seen = await platforms.ask(
    `/v25.0/debug_token?input_token=${accessToken}&access_token=${app}`,
    options,
  )
  expect(at(seen, 'data')).toMatchObject({ is_valid: true, scopes, user_id: ID })
  const query = new URLSearchParams({
    grant_type: 'fb_exchange_token',
    client_id: client.id,
    client_secret: client.secret,
    fb_exchange_token: accessToken,
  })
  const long = await platforms.ask(`/v25.0/oauth/access_token?${query}`, options)
  expect(long.body).toMatchObject({ token_type: 'bearer', expires_in: 5_183_944 })
})
