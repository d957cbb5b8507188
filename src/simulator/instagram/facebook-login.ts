import { jsonAnswer } from '../answer.ts'
import { batchRoute } from '../graph/batch.ts'
import { tokenRoutes } from '../graph/tokens.ts'
import type { Route } from '../simulation.ts'
import { graphRoute } from './route.ts'

/** What only the host of the Facebook login has: Pages, batches, and its own tokens. */
export function facebookLoginRoutes(reading: readonly Route[]): Route[] {
  return [
    graphRoute('facebook', {
      path: '/me/accounts',
      read: ({ caller }) =>
        jsonAnswer(200, {
          data: [
            {
              id: `1${caller.platformAccountId.slice(3)}`,
              name: caller.displayName,
              instagram_business_account: {
                id: caller.platformAccountId,
                username: caller.handle,
              },
            },
          ],
        }),
    }),
    ...tokenRoutes,
    batchRoute('instagram', reading),
  ]
}
