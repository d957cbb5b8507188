import { expect, test } from 'vitest'
import { linkedin, POSTS } from './linkedin.ts'
import {
  at,
  form,
  idsAt,
  idsOf,
  listAt,
  NOW,
  type Platforms,
  planFor,
  startPlatforms,
} from './platforms.ts'

test('a page lists its posts, ten or up to a hundred at a time, and links to the next', async () => {
  await using platforms = await startPlatforms([planFor('linkedin', { publications: 25 })])
  const first = await linkedin(platforms, POSTS)
  expect(idsAt(first, 'elements')).toEqual(idsOf(platforms).slice(0, 10))
  expect(at(first, 'paging', 'total')).toBe(25)
  expect(listAt(first, 'paging', 'links')[0]).toMatchObject({ rel: 'next' })
  const last = await linkedin(platforms, `${POSTS}&count=20&start=20`)
  expect(idsAt(last, 'elements')).toEqual(idsOf(platforms).slice(20))
  expect(at(last, 'paging', 'total')).toBeUndefined()
  expect(listAt(last, 'paging', 'links')).toEqual([])
  expect((await linkedin(platforms, `${POSTS}&count=101`)).status).toBe(400)
})

test('a post’s text is escaped, and its URN tells what it is', async () => {
  const content = () => ({ kind: 'video' as const, text: 'A (b) #c' })
  await using platforms = await startPlatforms([planFor('linkedin', { content })])
  const [post] = listAt(await linkedin(platforms, POSTS), 'elements')
  expect(post).toMatchObject({
    id: expect.stringMatching(/^urn:li:(share|ugcPost):\d{19}$/),
    commentary: 'A \\(b\\) \\#c',
    lifecycleState: 'PUBLISHED',
    content: { media: { id: expect.stringMatching(/^urn:li:video:/) } },
    publishedAt: NOW.getTime() - 3_600_000,
  })
})

test('a busy page also has drafts and dark advertisements', async () => {
  await using platforms = await startPlatforms([planFor('linkedin', { hasChatter: true })])
  const posts = listAt(await linkedin(platforms, `${POSTS}&count=100`), 'elements')
  expect(posts.map((post) => post['lifecycleState'])).toContain('DRAFT')
  expect(posts).toContainEqual(expect.objectContaining({ adContext: expect.anything() }))
})

const exchange = ({ ask, simulator }: Platforms, fields: Record<string, string>) => {
  const client = { client_id: simulator.client.id, client_secret: simulator.client.secret }
  const init = { ...form({ ...client, ...fields }), as: null, prefix: 'linkedin-oauth' }
  return ask('/oauth/v2/accessToken', init)
}

const refresh = (platforms: Platforms, token: unknown) =>
  exchange(platforms, { grant_type: 'refresh_token', refresh_token: `${token}` })

test('a refresh token stays the same, and its year does not begin again', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const { refreshToken } = platforms.simulator.tokensOf(platforms.account())
  platforms.clock.now = new Date(NOW.getTime() + 59 * 86_400_000)
  const answer = await refresh(platforms, refreshToken)
  expect(answer.body).toEqual({
    access_token: expect.stringMatching(/^AQX/),
    expires_in: 5_184_000,
    refresh_token: refreshToken,
    refresh_token_expires_in: 306 * 86_400,
    scope: 'r_organization_social,rw_organization_admin',
  })
  const token = `${at(answer, 'access_token')}`
  const { simulator } = platforms
  expect(simulator.tokensOf(platforms.account()).accessToken).not.toBe(token)
  platforms.clock.now = new Date(NOW.getTime() + 366 * 86_400_000)
  expect((await refresh(platforms, refreshToken)).body).toEqual({
    error: 'invalid_request',
    error_description:
      'The provided authorization grant or refresh token is invalid, expired or revoked.',
  })
})

test('an application without refresh tokens is given none', async () => {
  const switches = { linkedinTokens: 'access_only' } as const
  await using platforms = await startPlatforms([planFor('linkedin')], { switches })
  const code = platforms.simulator.codeFor(platforms.account())
  const fields = { grant_type: 'authorization_code', code, redirect_uri: 'https://app.example/' }
  const { body } = await exchange(platforms, fields)
  expect(body).not.toHaveProperty('refresh_token')
  expect(body).toMatchObject({ expires_in: 5_184_000 })
  expect((await exchange(platforms, fields)).status).toBe(400)
})

test('a wrong secret and a missing parameter have words of their own', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const wrong = await exchange(platforms, { grant_type: 'refresh_token', client_secret: 'no' })
  expect([wrong.status, at(wrong, 'error')]).toEqual([401, 'invalid_client'])
  const less = await exchange(platforms, { grant_type: 'refresh_token' })
  expect(at(less, 'error_description')).toBe('A required parameter "refresh_token" is missing')
})
