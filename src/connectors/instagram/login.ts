import type { ConnectedAccount } from '../../domain/connector.ts'

const FACEBOOK_LOGIN_SCOPES = ['instagram_basic', 'instagram_manage_insights']

/**
 * Whether an account was connected through the Facebook login, whose tokens are good on another
 * host: by the scopes that it granted, else by how its token begins.
 */
export function isFacebookLogin({ account, accessToken }: ConnectedAccount): boolean {
  if (account.scopes === null) return accessToken.startsWith('EAA')
  return account.scopes.some((scope) => FACEBOOK_LOGIN_SCOPES.includes(scope))
}

/** The login by which an account was connected, as a word: each has a host that knows its own metrics. */
export function loginOf(account: ConnectedAccount): 'facebook' | 'instagram' {
  return isFacebookLogin(account) ? 'facebook' : 'instagram'
}
