import { expect, test } from 'vitest'
import type { PublicationOutcome } from '../../src/domain/connector.ts'
import { accountOn, NOW, openUpstream, type Reply, type Request, refTo } from './support.ts'
import { answerFrom, X_ACCOUNT_ID, xPost, xProblem } from './x-world.ts'

const ACCOUNT = accountOn('x', { platformAccountId: X_ACCOUNT_ID, handle: '@acmetools' })

const start = (answer: (request: Request) => Reply) => openUpstream('x', answer)
const ageOf = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
const refAged = (id: string, days: number) =>
  refTo(id, { contentType: 'text', publishedAt: ageOf(days) })
const kindsOf = (outcomes: PublicationOutcome[]) =>
  Object.fromEntries(
    outcomes.map((each) => [
      each.platformPostId,
      'failure' in each ? each.failure.kind : Object.keys(each.reading.native).length,
    ]),
  )

/** How many numbers a young post's answer holds. */
const ALL = new Set(
  ['public_metrics', 'non_public_metrics'].flatMap((group) =>
    Object.keys(xPost('1', 1)[group] ?? {}),
  ),
).size

test('a post comes with its numbers, its text and its link, and its zeros stay zeros', async () => {
  const post = xPost('1800000000000000010', 1)
  const { connector, context } = start(() => ({ json: { data: [post] } }))
  const refs = [refAged('1800000000000000010', 1)]
  const [outcome] = await connector.readPublications(ACCOUNT, refs, context)
  expect(outcome).toEqual({
    platformPostId: '1800000000000000010',
    reading: {
      native: {
        ...(post['public_metrics'] as object),
        ...{ url_link_clicks: 12, user_profile_clicks: 9, engagements: 96 },
      },
      missing: {},
      warnings: [],
      payload: { data: post, includes: { media: [] } },
      content: {
        url: 'https://x.com/acmetools/status/1800000000000000010',
        text: 'Post 1800000000000000010 & more',
        contentType: 'text',
        thumbnailUrl: null,
        durationSeconds: null,
        publishedAt: ageOf(1),
      },
    },
  })
})

test('250 posts are three calls, young and older ones in batches of their own', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => String(1000 + index))
  const refs = ids.map((id, index) => refAged(id, index < 90 ? 29.4 : 29.6))
  const upstream = start(answerFrom(ids.map((id) => xPost(id, 1))))
  const outcomes = await upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect(outcomes).toHaveLength(250)
  const asked = upstream.requests.map(({ url }) => ({
    ids: url.searchParams.get('ids')?.split(',').length,
    isPrivate: url.searchParams.get('tweet.fields')?.includes('non_public_metrics'),
  }))
  expect(asked).toEqual([
    { ids: 90, isPrivate: true },
    { ids: 100, isPrivate: false },
    { ids: 60, isPrivate: false },
  ])
})

test('each id is asked for once, and one that X cannot have does not fail the others', async () => {
  const upstream = start(answerFrom([xPost('7', 1)]))
  const refs = ['7', '7', 'abc', '12345678901234567890', '7,8'].map((id) => refTo(id))
  const outcomes = await upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect(kindsOf(outcomes)).toEqual({
    7: ALL,
    abc: 'gone',
    '12345678901234567890': 'gone',
    '7,8': 'gone',
  })
  expect(upstream.requests[0]?.url.searchParams.get('ids')).toBe('7')
})

test('an id that X does not take for one is gone, and costs no other of its batch', async () => {
  const bad = ['9999999999999999999', '00']
  const upstream = start((request) => {
    const ids = request.url.searchParams.get('ids')?.split(',') ?? []
    const wrong = ids.find((id) => bad.includes(id))
    if (wrong === undefined) return answerFrom([xPost('1', 40), xPost('2', 40)])(request)
    const message = `The \`ids\` query parameter value [${wrong}] is not valid`
    const errors = [{ parameters: { ids: [wrong] }, message }]
    return { status: 400, json: { errors, type: 'https://api.x.com/2/problems/invalid-request' } }
  })
  const refs = [...bad, '1', '2'].map((id) => refAged(id, 40))
  const outcomes = await upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect(kindsOf(outcomes)).toMatchObject({ '00': 'gone', [bad[0] ?? '']: 'gone', 1: ALL, 2: ALL })
  expect(upstream.calls()).toBe(3)
})

test('what X says of single posts is their own outcome, whatever host the type names', async () => {
  const other = (type: string) => ({ type: `https://api.x.com/2/problems/${type}` })
  const errors = [
    xProblem('resource-not-found', '2'),
    xProblem('not-authorized-for-resource', '3', other('not-authorized-for-resource')),
    xProblem('resource-unavailable', '4'),
    xProblem('disallowed-resource', '5'),
    xProblem('field-hydration-failure', '1', { field: 'public_metrics.like_count' }),
    xProblem('resource-not-found', '1', { section: 'includes' }),
    xProblem('constructor', '7'),
  ]
  const { connector, context } = start(() => ({ json: { data: [xPost('1', 1)], errors } }))
  const refs = ['1', '2', '3', '4', '5', '6', '7'].map((id) => refTo(id))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  expect(kindsOf(outcomes)).toEqual({
    ...{ 1: ALL, 2: 'gone', 3: 'missing_scope', 4: 'unavailable', 5: 'unsupported', 6: 'gone' },
    7: 'unavailable',
  })
  const [first] = outcomes
  expect(first && 'reading' in first && first.reading.warnings).toEqual([
    'X: What is wrong with [1].',
  ])
})

test('a post that comes without its id costs the others nothing, and is read again', async () => {
  const data = [xPost('1', 1), { ...xPost('2', 1), id: undefined }, null]
  const { connector, context } = start(({ url }) =>
    url.searchParams.get('tweet.fields')?.includes('non_public_metrics')
      ? { json: { data, errors: [xProblem('not-authorized-for-field', '2')] } }
      : { json: { data: [xPost('2', 1)] } },
  )
  const refs = ['1', '2', '3'].map((id) => refTo(id))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  expect(kindsOf(outcomes)).toMatchObject({ 1: ALL, 2: expect.any(Number), 3: 'malformed' })
  const without = start(() => ({ json: { data } })).connector
  const told = await without.readPublications(ACCOUNT, refs, context)
  expect(kindsOf(told)).toEqual({ 1: ALL, 2: 'malformed', 3: 'malformed' })
})

test('a trouble that X has with the whole answer does not make its posts gone', async () => {
  const trouble = { title: 'Internal error', type: 'https://api.x.com/2/problems/internal-error' }
  const { connector, context } = start(() => ({ json: { errors: [trouble] } }))
  const outcomes = await connector.readPublications(ACCOUNT, [refTo('1'), refTo('2')], context)
  expect(kindsOf(outcomes)).toEqual({ 1: 'unavailable', 2: 'unavailable' })
})

test('posts hidden for their private numbers are read again together, without them', async () => {
  const hidden = ['1', '150']
  const ids = Array.from({ length: 150 }, (_, index) => String(index + 1))
  const upstream = start((request) => {
    const asked = request.url.searchParams
    if (!asked.get('tweet.fields')?.includes('non_public_metrics')) {
      return answerFrom(ids.map((id) => xPost(id, 1)))(request)
    }
    const batch = asked.get('ids')?.split(',') ?? []
    const lost = batch.filter((id) => hidden.includes(id))
    const data = batch.filter((id) => !hidden.includes(id)).map((id) => xPost(id, 1))
    return { json: { data, errors: lost.map((id) => xProblem('not-authorized-for-field', id)) } }
  })
  const refs = ids.map((id) => refAged(id, 1))
  const outcomes = await upstream.connector.readPublications(ACCOUNT, refs, upstream.context)
  expect(upstream.calls()).toBe(3)
  expect(outcomes).toHaveLength(150)
  const warned = outcomes.filter((each) => 'reading' in each && each.reading.warnings.length > 0)
  expect(warned.map((each) => each.platformPostId)).toEqual(hidden)
})

test('a batch that is limited leaves the batches before it their numbers', async () => {
  let calls = 0
  const headers = { 'x-rate-limit-reset': String(NOW.getTime() / 1000 + 60) }
  const { connector, context } = start((request) => {
    calls += 1
    if (calls > 1) return { status: 429, json: { title: 'Too Many Requests' }, headers }
    return answerFrom(ids.map((id) => xPost(id, 40)))(request)
  })
  const ids = Array.from({ length: 250 }, (_, index) => String(index + 1))
  const refs = ids.map((id) => refAged(id, 40))
  const outcomes = await connector.readPublications(ACCOUNT, refs, context)
  const failures = outcomes.flatMap((each) => ('failure' in each ? [each.failure] : []))
  expect(failures).toHaveLength(150)
  expect(failures[149]).toMatchObject({
    kind: 'rate_limited',
    retryAt: new Date(NOW.getTime() + 60_000),
  })
  expect(calls).toBe(2)
})
