import {
  byPlatform,
  type Ending,
  everywhere,
  type FaultCase,
  GIVEN_UP,
  never,
  RECONNECT,
  refused,
  type Strike,
  UNHURT,
} from './case.ts'

const scopes = (...names: string[]): Strike[] =>
  names.map((scope) => ({ fault: { kind: 'missing_scope', scope } }))

// The paths at which tokens are exchanged, and all the others.
const EXCHANGE = /oauth|\/token$|refresh_access_token/
const API = /^(?!.*(oauth|\/token$|refresh_access_token))/

const GONE: Ending = { ...GIVEN_UP, wish: 'fresh' }

const HOURS_3 = 3 * 3600

/** Faults of tokens, of what they allow, and of the application itself. */
export const ACCESS_CASES: readonly FaultCase[] = [
  {
    key: 'expired_token',
    title: 'Expired token',
    what: 'The platform says that the access token has ended, before the time that it had named.',
    strike: ({ platform }) =>
      platform === 'instagram'
        ? [{ times: 2, fault: { kind: 'expired_token' } }]
        : [{ path: API, times: 1, fault: { kind: 'expired_token' } }],
    ending: UNHURT,
    but: { facebook: RECONNECT, instagram: RECONNECT },
  },
  {
    key: 'revoked_token',
    title: 'Revoked token',
    what: 'The owner of the account has taken the consent back: no token is good any more.',
    strike: everywhere({ kind: 'revoked_token' }),
    ending: RECONNECT,
  },
  {
    key: 'lost_exchange',
    title: 'New tokens lost',
    what: 'The access token has ended, and the connection breaks while the new ones are sent.',
    strike: byPlatform({
      facebook: never('tokens of Pages do not end'),
      instagram: never('a token is exchanged weeks before its end, and stays good meanwhile'),
      linkedin: [{ path: EXCHANGE, times: 1, fault: { kind: 'cut_off' } }],
      tiktok: [{ path: EXCHANGE, times: 1, fault: { kind: 'cut_off' } }],
      x: [{ path: EXCHANGE, times: 1, fault: { kind: 'cut_off' } }],
      youtube: [{ path: EXCHANGE, times: 1, fault: { kind: 'cut_off' } }],
    }),
    tokenSeconds: HOURS_3,
    ending: UNHURT,
    // A refresh token is good for one exchange there.
    but: { tiktok: RECONNECT, x: RECONNECT },
  },
  {
    key: 'missing_scope',
    title: 'Missing scope',
    what: 'A scope that the numbers take has been withdrawn, while the token stays good.',
    strike: byPlatform({
      facebook: scopes('read_insights'),
      instagram: scopes('instagram_business_manage_insights'),
      linkedin: scopes('rw_organization_admin'),
      tiktok: scopes('video.list'),
      x: scopes('tweet.read'),
      youtube: scopes('https://www.googleapis.com/auth/yt-analytics.readonly'),
    }),
    takesConsent: true,
    ending: { ...UNHURT, account: 'partial, less', publication: 'partial, less' },
    but: {
      linkedin: { refresh: 'partial' },
      tiktok: { account: 'partial, new', publication: 'partial, old', refresh: 'partial' },
      x: { account: 'partial, old', publication: 'partial, old', refresh: 'failed' },
      youtube: { account: 'synced, new' },
    },
  },
  {
    key: 'closed',
    title: 'Account closed',
    what: 'The platform has locked or closed the account.',
    strike: byPlatform({
      facebook: refused('checkpointed'),
      instagram: refused('checkpointed'),
      linkedin: refused('RESOURCE_NOT_FOUND'),
      tiktok: [{ fault: { kind: 'revoked_token' } }],
      x: [{ path: API, fault: { kind: 'refused', reason: 'account_locked' } }],
      youtube: refused('authenticatedUserAccountSuspended'),
    }),
    ending: RECONNECT,
    but: { linkedin: GONE, youtube: GONE },
  },
  {
    key: 'application',
    title: 'Application refused',
    what: 'The platform refuses our application: not enrolled, switched off, wrongly proven.',
    strike: byPlatform({
      facebook: refused('bad_proof'),
      instagram: refused('bad_proof'),
      linkedin: refused('VALIDATION_FAILED'),
      tiktok: refused('invalid_params'),
      x: refused('not_enrolled'),
      youtube: refused('accessNotConfigured'),
    }),
    ending: GIVEN_UP,
  },
  {
    key: 'client',
    title: 'Wrong client credentials',
    what: 'The access token has ended, and our application’s secret is not the platform’s.',
    strike: byPlatform({
      facebook: never('tokens are not exchanged'),
      instagram: never('tokens are exchanged without a secret'),
      linkedin: [],
      tiktok: [],
      x: [],
      youtube: [],
    }),
    tokenSeconds: HOURS_3,
    during: { clientSecret: 'not-the-secret' },
    ending: GIVEN_UP,
  },
  {
    key: 'credits',
    title: 'Credits used up',
    what: 'The application has paid for no further calls.',
    strike: ({ platform }) =>
      platform === 'x' ? refused('credits_depleted') : never('calls cost nothing'),
    ending: GIVEN_UP,
  },
  {
    key: 'version',
    title: 'Version withdrawn',
    what: 'The platform no longer answers the version of its API that is asked for.',
    strike: byPlatform({
      facebook: never('the oldest living version answers for those that have ended'),
      instagram: never('the oldest living version answers for those that have ended'),
      linkedin: refused('NONEXISTENT_VERSION'),
      tiktok: never('no end of the version is known'),
      x: never('no end of the version is known'),
      youtube: never('no end of the version is known'),
    }),
    ending: GIVEN_UP,
  },
]
