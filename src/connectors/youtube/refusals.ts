import { grantKey, refusedUntil } from '../memory.ts'
import type { YoutubeSession } from './request.ts'

/** What the reports of one account refused lately. Another account's may have it. */
export interface Refusals {
  knows(what: string): boolean
  remember(what: string): void
}

/** The refusals that an account met with, each for a day. */
export function refusalsOf({ memory, account, context }: YoutubeSession): Refusals {
  // Access tokens change every hour. The refresh token stays for as long as the grant does.
  const accessToken = account.refreshToken ?? account.accessToken
  const grant = grantKey({ ...account, accessToken })
  const keyOf = (what: string) => `${grant} ${account.account.platformAccountId} reports ${what}`
  return {
    knows: (what) => memory.knows(keyOf(what), context.now),
    remember: (what) => memory.remember(keyOf(what), refusedUntil(context.now)),
  }
}
