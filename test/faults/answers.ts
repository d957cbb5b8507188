import { byPlatform, everywhere, type FaultCase, GIVEN_UP, never, refused, UNHURT } from './case.ts'
import { START } from './scene.ts'

const TRIED_THRICE = { ...GIVEN_UP, waits: [15, 30] }

// What was used up for a month is not asked for before the next one.
const UNTIL_DECEMBER = (Date.parse('2026-12-01T00:00:00Z') - START.getTime()) / 1000

// A host that is down is left alone for longer and longer, and waiting uses up no attempt.
const OUTAGE: Pick<FaultCase, 'waitsMax' | 'ending'> = {
  waitsMax: 3,
  ending: { ...UNHURT, waits: ['longer'] },
}

/** Faults of the connection, of the answer’s text, and limits. */
export const ANSWER_CASES: readonly FaultCase[] = [
  {
    key: 'rate_limited',
    title: 'Rate limit',
    what: 'Every call is refused for a minute, in the platform’s own words.',
    strike: ({ now }) => {
      const until = new Date(now().getTime() + 60_000)
      return [{ fault: { kind: 'rate_limited', until } }]
    },
    waitsMax: 1,
    ending: { ...UNHURT, waits: [60] },
    but: { linkedin: { waits: ['UTC'] }, tiktok: { waits: [67.5] }, youtube: { waits: [67.5] } },
  },
  {
    key: 'quota',
    title: 'Quota used up',
    what: 'We have used up what we may ask in an hour, a day or a month.',
    strike: byPlatform({
      facebook: refused('app_limit'),
      instagram: refused('app_limit'),
      linkedin: refused('MEMBER'),
      tiktok: never('its only limit is one of a minute'),
      x: refused('usage_capped'),
      youtube: refused('quotaExceeded'),
    }),
    waitsMax: 1,
    lastsSeconds: UNTIL_DECEMBER,
    ending: { ...UNHURT, waits: [3600] },
    // Nobody waits for longer than a day.
    but: { linkedin: { waits: ['UTC'] }, x: GIVEN_UP, youtube: { waits: ['Pacific'] } },
  },
  {
    key: 'unavailable',
    title: 'Server error',
    what: 'Every call is answered with 500 or 503, for some minutes.',
    strike: everywhere({ kind: 'unavailable' }),
    ...OUTAGE,
  },
  {
    key: 'timeout',
    title: 'No answer',
    what: 'Connections are taken, and nothing comes back, for some minutes.',
    strike: everywhere({ kind: 'timeout' }),
    during: { deadlineMs: 50 },
    ...OUTAGE,
  },
  {
    key: 'reset',
    title: 'Connection reset',
    what: 'Connections are reset before anything comes back, for some minutes.',
    strike: everywhere({ kind: 'reset' }),
    ...OUTAGE,
  },
  {
    key: 'cut_off',
    title: 'Connection lost',
    what: 'Half of every answer comes, and the connection closes, for some minutes.',
    strike: everywhere({ kind: 'cut_off' }),
    ...OUTAGE,
  },
  {
    key: 'outage',
    title: 'Outage of more than a day',
    what: 'A gateway in front of the platform answers 503 with a page for people.',
    strike: everywhere({ kind: 'down' }),
    lastsSeconds: 25 * 3600,
    ending: { ...GIVEN_UP, waits: ['longer'] },
  },
  {
    key: 'truncated',
    title: 'Truncated answer',
    what: 'Every answer is half of its JSON, with status 200.',
    strike: everywhere({ kind: 'truncated' }),
    ending: TRIED_THRICE,
  },
  {
    key: 'html',
    title: 'HTML answer',
    what: 'Every answer is a page for people, with status 200.',
    strike: everywhere({ kind: 'html' }),
    ending: TRIED_THRICE,
  },
  {
    key: 'too_long',
    title: 'Answer above the limit',
    what: 'Every answer is longer than answers may be.',
    strike: () => [],
    during: { bodyMaxBytes: 10 },
    ending: TRIED_THRICE,
  },
  {
    key: 'wrong_types',
    title: 'Wrong types',
    what: 'Every number is a word. (Some platforms send counts as texts: those are read.)',
    strike: everywhere({ kind: 'wrong_types' }),
    ending: { ...UNHURT, account: 'partial, old', publication: 'partial, old' },
    // Details that the catalogue does not list have no entry that could say why: they are left out.
    but: {
      facebook: { publication: 'partial, less' },
      linkedin: { account: 'partial, less' },
      youtube: { account: 'synced, new', publication: 'partial, new' },
    },
  },
  {
    key: 'unquoted_ids',
    title: 'Ids without quotes',
    what: 'Ids of 16 to 19 digits come as bare numbers, which a careless reader rounds.',
    strike: everywhere({ kind: 'unquoted_ids' }),
    ending: UNHURT,
  },
]
