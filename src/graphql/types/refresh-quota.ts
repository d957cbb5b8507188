import type {
  RefreshAvailability as RefreshAvailabilityModel,
  RefreshQuota as RefreshQuotaModel,
} from '../../domain/refresh.ts'
import { builder } from '../builder.ts'

export const RefreshQuota = builder.objectRef<RefreshQuotaModel>('RefreshQuota').implement({
  description: 'Refreshes that people may ask for in a calendar month (UTC).',
  fields: (t) => ({
    limit: t.exposeInt('limit'),
    used: t.exposeInt('used', {
      description: 'Those asked for that counted. One that brought nothing does not.',
    }),
    resetsAt: t.expose('resetsAt', { type: 'DateTime', description: 'When it starts anew.' }),
  }),
})

export const RefreshAvailability = builder
  .objectRef<RefreshAvailabilityModel>('RefreshAvailability')
  .implement({
    description: 'Whether a refresh may be asked for, and from when on.',
    fields: (t) => ({
      canRefresh: t.exposeBoolean('canRefresh'),
      nextRefreshAt: t.expose('nextRefreshAt', {
        type: 'DateTime',
        nullable: true,
        description:
          'When the cooldown ends and the quota has something left. Null: now, or not before the' +
          ' account is connected again.',
      }),
      hoursRemaining: t.exposeFloat('hoursRemaining', {
        description: 'Whole hours until then, rounded up. 0 when that is null.',
      }),
      monthlyQuota: t.expose('monthlyQuota', { type: RefreshQuota }),
    }),
  })
