import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertSnapshots } from '../../../src/store/snapshots.ts'
import { addWorkspace, type Gateway, startGateway, WORKSPACE } from '../../support/gateway.ts'
import { claimsAt, JWT_ENVIRONMENT, signed } from '../../support/jwt.ts'
import { addAccounts, addPublications, later, metrics } from '../../support/rows.ts'
import { csvRecords, ndjsonRecords, parseCsv } from './exporting.ts'

const PATHS = ['/export/publications', '/export/history?subject=publication']

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({
    isWorker: false,
    environment: { ...JWT_ENVIRONMENT, WEIR_RATE_EXPORT_PER_MINUTE: '1000' },
  })
  await addWorkspace(gateway.db, 'ws_other', gateway.clock.now)
  for (const [workspace, id] of [
    [WORKSPACE, 'mine'],
    ['ws_other', 'theirs'],
  ] as const) {
    await addAccounts(gateway.db, workspace, ['account'])
    await addPublications(gateway.db, workspace, [id])
    const native = { followers_count: 7, following_count: 0, listed_count: 3 }
    const reading = { capturedAt: later(0), native, catalogVersion: 1 }
    await insertSnapshots(gateway.db, workspace, [
      { ...reading, subject: 'publication', subjectId: id, metrics: metrics({ views: 5 }) },
      { ...reading, subject: 'account', subjectId: 'account', metrics: null },
    ])
  }
})
afterAll(() => gateway[Symbol.asyncDispose]())

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

async function ids(path: string, init: RequestInit = {}): Promise<(string | undefined)[]> {
  const response = await gateway.rest(path, init)
  expect(response.status).toBe(200)
  return csvRecords(await response.text()).map(({ id }) => id)
}

describe.each(PATHS)('%s', (path) => {
  const and = path.includes('?') ? '&' : '?'

  test('has rows of the workspace of the key, and of no other', async () => {
    expect(await ids(path)).toEqual(['mine'])
    expect(await ids(path, bearer(await gateway.keyWith(['analytics:read'], 'ws_other')))).toEqual([
      'theirs',
    ])
    const claims = claimsAt(gateway.clock.now, { workspace_id: 'ws_other' })
    expect(await ids(path, bearer(await signed(claims)))).toEqual(['theirs'])
  })

  test('is refused to those who may not read', async () => {
    const key = await gateway.keyWith(['analytics:refresh'])
    const asked = [gateway.rest(path, bearer('none')), gateway.rest(path, bearer(key))]
    const answers = await Promise.all(asked)
    const codes = answers.map(async (each) => [each.status, (await each.json()).error.code])
    expect(await Promise.all(codes)).toEqual([
      [401, 'UNAUTHENTICATED'],
      [403, 'FORBIDDEN'],
    ])
  })

  test('knows no other method', async () => {
    const answer = await gateway.rest(path, { method: 'POST' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await answer.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
  })

  test('answers HEAD with what GET has, and reads nothing', async () => {
    const head = await gateway.rest(path, { method: 'HEAD' })
    expect([head.status, await head.text(), gateway.statements]).toEqual([200, '', []])
    const got = await gateway.rest(path)
    expect([...head.headers].filter(([name]) => name !== 'x-request-id')).toEqual(
      [...got.headers].filter(([name]) => name !== 'x-request-id'),
    )
    await got.body?.cancel()
  })

  test('says what it is', async () => {
    const { headers } = await gateway.rest(`${path}${and}timeZone=Asia/Tokyo`)
    const name = path.includes('history') ? 'history-of-publications' : 'publications'
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="weir-${name}-2026-06-29.csv"`,
    )
    expect(headers.get('cache-control')).toMatch(/^private\b/)
    expect(headers.get('vary')).toBe('Accept, Accept-Encoding, Origin')
    expect(headers.get('etag')).toBeNull()
  })

  test('is compressed for those who take that', async () => {
    const plain = await (await gateway.rest(path)).text()
    const answer = await gateway.rest(path, { headers: { 'accept-encoding': 'br, gzip' } })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(await answer.arrayBuffer()).toString()).toBe(plain)
  })

  test('is written as the query says, or else as the header does', async () => {
    const ndjson = { headers: { accept: 'application/x-ndjson' } }
    const byHeader = await gateway.rest(path, ndjson)
    expect(byHeader.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(byHeader.headers.get('content-disposition')).toMatch(/\.ndjson"$/)
    expect(ndjsonRecords(await byHeader.text())).toMatchObject([{ id: 'mine', likes: null }])
    expect(await ids(`${path}${and}format=CSV`, ndjson)).toEqual(['mine'])
    const neither = await gateway.rest(path, { headers: { accept: 'application/json' } })
    expect([neither.status, await neither.json()]).toEqual([
      406,
      {
        error: {
          code: 'NOT_ACCEPTABLE',
          message: 'Exports are written as csv or ndjson.',
          field: null,
        },
      },
    ])
  })

  test.each([
    ['platfrom=x', 'platfrom', 'is no parameter of this export'],
    ['format=xml', 'format', 'must be one of csv, ndjson'],
    ['platform=myspace', 'platform', 'must be one of facebook'],
    ['timeZone=Berlin', 'timeZone', 'must be the name of an IANA time zone'],
    ['timeZone=%2B02:00', 'timeZone', 'must be the name of an IANA time zone'],
    ['publishedFrom=2026-06-01', 'publishedFrom', 'must be an instant of RFC 3339'],
    ['publishedTo=2026-02-30T00:00:00Z', 'publishedTo', 'must be an instant of RFC 3339'],
    ['to=now', 'to', 'must be an instant of RFC 3339'],
    ['accountId=a&accountId=b', 'accountId', 'must be given once'],
    ['bom=yes', 'bom', 'must be true, false, 1 or 0'],
  ])('refuses %s by its name', async (search, field, message) => {
    const answer = await gateway.rest(`${path}${and}${search}`)
    expect(answer.status).toBe(400)
    const { error } = await answer.json()
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', field })
    expect(error.message).toContain(`${field} ${message}`)
  })

  test('finds nothing by an id of another workspace, or by none that can be', async () => {
    for (const id of ['theirs', 'a%00b']) expect(await ids(`${path}${and}postId=${id}`)).toEqual([])
    expect(await ids(`${path}${and}accountId=none`)).toEqual([])
  })

  test('takes instants whose plus nobody escaped', async () => {
    const window = 'publishedFrom=2026-01-01T00:00:00+02:00'
    expect(await ids(`${path}${and}${window}`)).toEqual([])
  })
})

describe('an export of histories', () => {
  const read = async (search: string) => {
    const response = await gateway.rest(`/export/history?${search}`)
    return [response.status, await response.text()] as const
  }

  test('has the numbers of accounts as columns, and in NDJSON the platform’s own', async () => {
    const [, csv] = await read('subject=ACCOUNT&id=account&id=none&timeZone=Europe/Berlin')
    expect(parseCsv(csv)).toEqual([
      ['id', 'account_handle', 'platform', 'at', 'followers', 'following', 'posts'],
      ['account', 'weir', 'x', '2026-03-04T06:06:07.089+01:00', '7', '0', ''],
    ])
    const [, ndjson] = await read('subject=account&format=ndjson')
    expect(ndjsonRecords(ndjson)).toMatchObject([
      { posts: null, native: { followers_count: 7, following_count: 0, listed_count: 3 } },
    ])
  })

  test('counts the readings of its window, from the first one to now', async () => {
    const at = later(0).toISOString()
    expect((await read(`subject=publication&from=${at}&to=${at}`))[1].split('\r\n')).toHaveLength(3)
    const before = later(-1).toISOString()
    expect((await read(`subject=publication&to=${before}`))[1].split('\r\n')).toHaveLength(2)
  })

  test.each([
    ['', 'subject must be one of account, publication, video'],
    ['subject=post', 'subject must be one of account, publication, video'],
    ['subject=account&contentType=reel', 'contentType narrows publications and videos'],
    ['subject=account&createdFrom=2026-01-01T00:00:00Z', 'createdFrom narrows publications'],
    ['subject=video&interval=year', 'interval must be one of hour, day, week, month'],
    ['subject=video&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from lies after to'],
    ['subject=video&from=2027-01-02T00:00:00Z', 'from lies after to'],
  ])('refuses %s', async (search, message) => {
    const [status, text] = await read(search)
    expect([status, JSON.parse(text).error.message]).toEqual([
      400,
      expect.stringContaining(message),
    ])
  })
})

test('a key has its own limit of exports', async () => {
  await using other = await startGateway({
    isWorker: false,
    environment: { WEIR_RATE_EXPORT_PER_MINUTE: '1' },
  })
  const [path = ''] = PATHS
  const statuses = [(await other.rest(path)).status, (await other.rest(path)).status]
  expect(statuses).toEqual([200, 429])
})
