import { builder } from '../builder.ts'

/** Refreshes that people may ask for in a calendar month (UTC). */
export interface RefreshQuotaState {
  limit: number
  used: number
  /** When the next month begins. */
  resetsAt: Date
}

export const RefreshQuota = builder.objectRef<RefreshQuotaState>('RefreshQuota').implement({
  description: 'Refreshes that people may ask for in a calendar month (UTC).',
  fields: (t) => ({
    limit: t.exposeInt('limit'),
    used: t.exposeInt('used'),
    resetsAt: t.expose('resetsAt', { type: 'DateTime', description: 'When it starts anew.' }),
  }),
})
