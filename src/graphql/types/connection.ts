import type { Account } from '../../domain/account.ts'
import { missingScopes } from '../../domain/catalog/catalog.ts'
import { builder } from '../builder.ts'
import { enumOf } from '../enums.ts'

export const ConnectionStatus = enumOf(
  'ConnectionStatus',
  "Whether an account's tokens can be used.",
  {
    connected: null,
    requires_reconnect: 'The platform no longer takes the tokens: connect the account again.',
    disconnected: 'Somebody disconnected it. Its numbers stay as they were.',
  },
)

export const Connection = builder.objectRef<Account>('Connection').implement({
  description: 'How an account is connected, and what it granted.',
  fields: (t) => ({
    status: t.expose('connectionStatus', { type: ConnectionStatus }),
    scopes: t.stringList({
      description: 'The scopes that were granted. Empty also when nobody said which.',
      resolve: ({ scopes }) => scopes ?? [],
    }),
    missingScopes: t.stringList({
      description:
        'Scopes that would unlock metrics in the catalogue. Empty also when nobody said which' +
        ' were granted.',
      resolve: ({ platform, scopes }) => missingScopes(platform, scopes),
    }),
    tokenExpiresAt: t.expose('tokenExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the access token expires. Null: it does not, or nobody said.',
    }),
    connectedAt: t.expose('connectedAt', { type: 'DateTime' }),
  }),
})
