import type { JsonObject } from '../../domain/json.ts'
import { livingMetrics, type MetricGroup, wireNumbers } from '../catalogue.ts'
import { accountNumbersFor } from '../numbers.ts'
import { okAnswer } from './errors.ts'
import { type Admitted, type FieldRule, fieldRoute } from './route.ts'

const BASIC: FieldRule = { scope: 'user.info.basic', refusal: 'scope_not_authorized' }
const PROFILE: FieldRule = { scope: 'user.info.profile', refusal: 'scope_permission_missed' }
const STATS: FieldRule = { scope: 'user.info.stats', refusal: 'scope_not_authorized' }

const METRICS: MetricGroup = {
  platform: 'tiktok',
  subjects: ['account'],
  sources: ['user/info'],
}

const PROFILE_FIELDS: Record<string, FieldRule> = {
  open_id: BASIC,
  union_id: BASIC,
  avatar_url: BASIC,
  avatar_url_100: BASIC,
  avatar_large_url: BASIC,
  display_name: BASIC,
  username: PROFILE,
  bio_description: PROFILE,
  profile_deep_link: PROFILE,
  profile_web_link: PROFILE,
  is_verified: PROFILE,
}

function fieldsAt(now: Date): Record<string, FieldRule> {
  const counts = livingMetrics(METRICS, now).map(({ wire, requiredScopes }) => {
    const rule = [BASIC, PROFILE].find(({ scope }) => requiredScopes.includes(scope))
    return [wire, rule ?? STATS]
  })
  return { ...PROFILE_FIELDS, ...Object.fromEntries(counts) }
}

/** The token's own account. */
export const userRoute = fieldRoute({
  method: 'GET',
  path: '/v2/user/info/',
  fields: fieldsAt,
  read(admitted) {
    return okAnswer(admitted.call, { user: userObject(admitted) })
  },
})

function userObject({ call, caller, fields, simulation }: Admitted): JsonObject {
  const all: JsonObject = {
    open_id: caller.platformAccountId,
    union_id: `u-${caller.platformAccountId}`,
    avatar_url: caller.avatarUrl,
    avatar_url_100: caller.avatarUrl,
    avatar_large_url: caller.avatarUrl,
    display_name: caller.displayName,
    username: caller.handle,
    bio_description: `${caller.displayName} on TikTok`,
    profile_deep_link: `https://vm.tiktok.com/${caller.handle}/`,
    profile_web_link: `https://www.tiktok.com/@${caller.handle}`,
    is_verified: caller.followers > 100_000,
    ...wireNumbers(accountNumbersFor(call, caller, simulation), livingMetrics(METRICS, call.now)),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => fields.has(name)))
}
