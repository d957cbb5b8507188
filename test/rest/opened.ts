import { REST_APIS } from '../../src/rest/facades.ts'
import { createRest, type Rest, type RestOptions } from '../../src/rest/rest.ts'

const unused = () => {
  throw new Error('These APIs were opened without a store.')
}

/** The REST APIs with nothing behind them: for what needs no key. What goes wrong is logged. */
export function openRest(logged: object[] = [], more: Partial<RestOptions> = {}): Rest {
  return createRest({
    vendors: REST_APIS,
    rates: {},
    loadersFor: unused,
    commands: {
      requestAccountRefresh: unused,
      requestPostRefresh: unused,
      connectAccount: unused,
      disconnectAccount: unused,
      recordPost: unused,
      refreshOnRead: unused,
      readAccountLive: unused,
    },
    answers: { find: () => null, keep: () => {} },
    versions: {
      ...{ current: () => 0, read: async () => 0, readWritten: async () => 0 },
      ...{ isHeard: () => true, close: () => {} },
    },
    authenticator: { check: async () => ({ kind: 'unknown' }) },
    allowance: { cooldownHours: 0, monthlyQuota: 0 },
    refreshBudgetMs: 0,
    now: () => new Date(0),
    newId: () => 'id',
    log: { info: () => {}, warn: () => {}, error: (fields) => logged.push(fields) },
    ...more,
  })
}
