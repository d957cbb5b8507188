import { expect, test } from 'vitest'
import { LIST, linkedin, ORGANIZATION, POSTS, SHARES } from './linkedin.ts'
import { at, DAY_MS, NOW, planFor, startPlatforms } from './platforms.ts'

const codeOf = (answer: Parameters<typeof at>[0]) => [answer.status, at(answer, 'code')]

test('a call takes a version, and a version ends after about a year', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const { 'linkedin-version': _, ...unversioned } = LIST
  expect(codeOf(await platforms.ask(POSTS, { headers: unversioned }))).toEqual([
    ...[400, 'VERSION_MISSING'],
  ])
  for (const version of ['202511', '203001', 'newest']) {
    const headers = { ...LIST, 'linkedin-version': version }
    const refused = await platforms.ask(POSTS, { headers })
    expect(refused.body).toEqual({
      status: 426,
      code: 'NONEXISTENT_VERSION',
      message: `Requested version ${version}01 is not active`,
    })
  }
  expect((await linkedin(platforms, POSTS)).status).toBe(200)
})

test('a call takes the protocol, and posts take the kind of call', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  for (const name of ['x-restli-protocol-version', 'x-restli-method'] as const) {
    const { [name]: _, ...rest } = LIST
    expect(codeOf(await platforms.ask(POSTS, { headers: rest }))).toEqual([400, 'PARAM_INVALID'])
  }
})

test('three kinds of bad tokens are told apart', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const { simulator } = platforms
  const codes = async (token: string) => {
    const { body } = await platforms.ask(POSTS, { headers: LIST, token })
    return [Object(body).serviceErrorCode, Object(body).code]
  }
  expect(await codes('AQXnothing')).toEqual([65_600, 'INVALID_ACCESS_TOKEN'])
  simulator.faults.add({ platform: 'linkedin', times: 1, fault: { kind: 'revoked_token' } })
  const { accessToken } = simulator.tokensOf(platforms.account())
  expect(await codes(accessToken)).toEqual([65_601, 'REVOKED_ACCESS_TOKEN'])
  platforms.clock.now = new Date(NOW.getTime() + 60 * DAY_MS)
  expect(await codes(accessToken)).toEqual([65_602, 'EXPIRED_ACCESS_TOKEN'])
  const none = await platforms.ask(POSTS, { headers: LIST, as: null, prefix: 'linkedin' })
  expect(codeOf(none)).toEqual([401, 'EMPTY_ACCESS_TOKEN'])
})

test('every resource has its own permission, by scope and by role', async () => {
  const scopes = ['r_organization_social']
  await using platforms = await startPlatforms([planFor('linkedin', { scopes })])
  expect(at(await linkedin(platforms, SHARES), 'message')).toBe(
    'Not enough permissions to access: ' +
      'organizationalEntityShareStatistics.FINDER-organizationalEntity.20260901',
  )
  expect((await linkedin(platforms, POSTS)).status).toBe(200)
})

test('a member who is administrator no more still looks after the posts', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const fault = { kind: 'missing_scope', scope: 'ADMINISTRATOR' } as const
  platforms.simulator.faults.add({ platform: 'linkedin', fault })
  expect(codeOf(await linkedin(platforms, SHARES))).toEqual([403, 'ACCESS_DENIED'])
  expect((await linkedin(platforms, POSTS)).status).toBe(200)
  const sizes = `/rest/networkSizes/${ORGANIZATION}?edgeType=COMPANY_FOLLOWED_BY_MEMBER`
  expect((await linkedin(platforms, sizes)).status).toBe(200)
})

test('another page than one’s own is refused', async () => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const refused = await linkedin(platforms, POSTS.replace('1337', '1338'))
  expect(codeOf(refused)).toEqual([403, 'ACCESS_DENIED'])
})

test('quotas are those of a day in UTC, of the member first, and no header tells them', async () => {
  const switches = { linkedinTier: 'development' } as const
  const accounts = [planFor('linkedin'), planFor('linkedin', { platformAccountId: '1338' })]
  await using platforms = await startPlatforms(accounts, { switches })
  for (let call = 0; call < 100; call += 1) await linkedin(platforms, POSTS)
  const refused = await linkedin(platforms, POSTS)
  expect(codeOf(refused)).toEqual([429, 'TOO_MANY_REQUESTS'])
  expect(refused.text).toContain('throttle MEMBER DAY')
  expect(refused.headers.get('retry-after')).toBeNull()
  expect((await linkedin(platforms, SHARES)).status).toBe(200)
  const other = { as: platforms.account(1), headers: LIST }
  expect((await platforms.ask(POSTS.replace('1337', '1338'), other)).status).toBe(200)
  platforms.clock.now = new Date('2026-11-21T00:00:00Z')
  expect((await linkedin(platforms, POSTS)).status).toBe(200)
})

test.each([
  ['rate_limited', 429, 'throttle APPLICATION DAY'],
  ['MEMBER', 429, 'throttle MEMBER DAY'],
  ['NONEXISTENT_VERSION', 426, 'Requested version 20260901 is not active'],
  ['ACCESS_DENIED', 403, 'Not enough permissions to access: posts.20260901'],
  ['RESOURCE_NOT_FOUND', 404, 'Not Found'],
  ['anything else', 400, 'anything else'],
])('the fault %s is put into LinkedIn’s words', async (reason, status, message) => {
  await using platforms = await startPlatforms([planFor('linkedin')])
  const until = new Date(NOW.getTime() + DAY_MS)
  const fault =
    reason === 'rate_limited'
      ? ({ kind: 'rate_limited', until } as const)
      : ({ kind: 'refused', reason } as const)
  platforms.simulator.faults.add({ platform: 'linkedin', fault })
  const refused = await linkedin(platforms, POSTS)
  expect(refused.status).toBe(status)
  expect(at(refused, 'message')).toContain(message)
})
