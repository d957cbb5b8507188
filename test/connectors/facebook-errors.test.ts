import { expect, test } from 'vitest'
import { PAGE_ID, refused } from './facebook-world.ts'
import { accountOn, failureOfCall, NOW, openUpstream, type Reply } from './support.ts'

const ACCOUNT = accountOn('facebook', { platformAccountId: PAGE_ID })

async function failureOn(reply: Reply) {
  const { connector, context } = openUpstream('facebook', () => reply)
  return failureOfCall(connector.readAccount(ACCOUNT, context))
}

const inMinutes = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

test.each<[string, number, number | null]>([
  ['unauthorized', 190, 458],
  ['unauthorized', 190, 459],
  ['unauthorized', 190, 460],
  ['unauthorized', 190, 463],
  ['unauthorized', 190, 464],
  ['unauthorized', 190, 467],
  ['unauthorized', 190, 492],
  ['unauthorized', 190, null],
  ['unauthorized', 102, null],
  ['missing_scope', 10, null],
  ['missing_scope', 200, null],
  ['missing_scope', 210, null],
  ['missing_scope', 283, null],
  ['missing_scope', 299, null],
  ['rate_limited', 4, null],
  ['rate_limited', 17, null],
  ['rate_limited', 32, null],
  ['rate_limited', 341, null],
  ['rate_limited', 613, 1996],
  ['rate_limited', 80_001, null],
  ['rate_limited', 368, null],
  ['unavailable', 1, null],
  ['unavailable', 2, null],
  ['gone', 100, 33],
  ['gone', 803, null],
  ['misconfigured', 100, null],
  ['misconfigured', 3, null],
  ['misconfigured', 12, null],
  ['misconfigured', 104, null],
  ['misconfigured', 2500, null],
  ['misconfigured', 3001, 1_504_028],
])('%s: code %d, subcode %j, whatever type and status it has', async (kind, code, subcode) => {
  const more = subcode === null ? {} : { error_subcode: subcode }
  for (const status of [400, 403, 500]) {
    const failure = await failureOn({ ...refused(code, 'What was wrong.', more), status })
    expect(failure).toMatchObject({ kind, status })
    expect(failure.retryAt === null).toBe(kind !== 'rate_limited')
  }
})

test.each([190, 210])(
  'a person’s token is our fault, and no reason to reconnect: %d',
  async (code) => {
    const said = 'This method must be called with a Page Access Token'
    expect((await failureOn(refused(code, said))).kind).toBe('misconfigured')
  },
)

test.each([
  'Error validating application. Application has been deleted.',
  'API access blocked.',
  'API access deactivated. To reactivate, go to the app dashboard.',
  '(#200) Access to this data is temporarily disabled for non-active apps or apps that have not',
])('an application that the platform has shut out is our fault: %s', async (said) => {
  for (const code of [10, 190, 200]) {
    expect((await failureOn(refused(code, said))).kind).toBe('misconfigured')
  }
})

test.each<[string, Reply]>([
  ['unavailable', refused(9999, 'Try later', { is_transient: true })],
  ['misconfigured', refused(9999, 'Something new')],
  ['rate_limited', refused(4, 'Too many calls', { is_transient: true })],
  ['unavailable', { status: 500, text: '<html></html>' }],
  ['malformed', { status: 200, text: '<html></html>' }],
])('%s: %j', async (kind, reply) => {
  expect((await failureOn(reply)).kind).toBe(kind)
})

test('a limit ends when the usage header says, in minutes, and else in an hour', async () => {
  const usage = (minutes: number) => ({
    'X-Business-Use-Case-Usage': JSON.stringify({
      [PAGE_ID]: [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: minutes }],
    }),
    'X-App-Usage': JSON.stringify({ call_count: 100 }),
  })
  const until = async (code: number, headers: Record<string, string>) =>
    (await failureOn({ ...refused(code, 'Too many calls'), headers })).retryAt
  expect(await until(80_001, usage(13))).toEqual(inMinutes(13))
  expect(await until(80_001, usage(0))).toEqual(inMinutes(60))
  expect(await until(4, {})).toEqual(inMinutes(60))
  expect(await until(368, {})).toEqual(inMinutes(360))
})
