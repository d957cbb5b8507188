import { ConnectorError, type Profile } from '../../domain/connector.ts'
import { failureIn } from '../failures.ts'
import { objectAt, wordsOf } from '../json.ts'
import { grantKey, refusedUntil } from '../memory.ts'
import type { LinkedinSession } from './request.ts'

const NOTHING: Profile = { handle: null, displayName: null, avatarUrl: null }

/**
 * What a page is called: `GET /rest/organizations/{id}`, scope `rw_organization_admin`. It costs a
 * call and hardly ever changes, so it is asked once a day; null between. No number depends on it,
 * so a refusal is not a failure, except that of the token.
 */
export async function readProfile(session: LinkedinSession): Promise<Profile> {
  const { api, account, context, memory } = session
  const { platformAccountId } = account.account
  const key = `profile ${grantKey(account)}`
  if (memory.knows(key, context.now)) return NOTHING
  const path = `/rest/organizations/${platformAccountId}` as const
  try {
    const profile = await api.ask({ path, params: {}, method: 'GET' }, account, context, (body) => {
      const page = objectAt(body, '')
      return {
        handle: wordsOf(page['vanityName']),
        displayName: wordsOf(page['localizedName']),
        // The logo comes as the id of an image, which would take yet another call.
        avatarUrl: null,
      }
    })
    memory.remember(key, refusedUntil(context.now))
    return profile
  } catch (error) {
    const failure = failureIn(error)
    if (failure.kind === 'unauthorized') throw new ConnectorError(failure)
    if (failure.kind !== 'unavailable') memory.remember(key, refusedUntil(context.now))
    return NOTHING
  }
}
